//! Names that the headers of Windows alone give to C: they count where such a header is included, by whatever way.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::guards::{Kept, Unit, What};
use crate::mask::Part;
use crate::scan::{Hit, Lines, line_around};
use crate::signs::letter;
use crate::target::Targets;

/// Said of names that count only in files which see a header of Windows.
pub(crate) static NAMED: &str = "function or type of Windows";

/// `data/win32.txt`: functions that the libraries of Windows export and its headers declare, without the letter that tells
/// their two kinds of texts apart.
static FUNCTIONS: LazyLock<HashSet<&[u8]>> =
    LazyLock::new(|| include_bytes!("../data/win32.txt").split(u8::is_ascii_whitespace).collect());

/// Types and marks of those headers that C code of other systems does not have under the same name.
const TYPES: &[&str] = &[
    "DWORD",
    "UINT",
    "BOOL",
    "WORD",
    "LPVOID",
    "LPBYTE",
    "PVOID",
    "ULONG",
    "LONG_PTR",
    "DWORD_PTR",
    "UINT_PTR",
    "ULONG_PTR",
    "MSG",
    "RECT",
    "LPRECT",
    "POINT",
    "LPPOINT",
    "HTREEITEM",
    "CString",
    "CRect",
    "CDC",
    "CWnd",
    "CPaintDC",
    "CFileDialog",
    "CMenu",
    "LPCREATESTRUCT",
    "CREATESTRUCT",
    "NMHDR",
    "LPNMHDR",
    "VARIANT",
    "BSTR",
    "IStream",
    "IDataObject",
    "IDropTarget",
    "GUID",
    "CLSID",
    "REFIID",
    "REFCLSID",
    "HDWP",
    "HIMC",
    "HENHMETAFILE",
    "HDROP",
    "HIMAGELIST",
    "HWND",
    "HINSTANCE",
    "HMODULE",
    "WPARAM",
    "LPARAM",
    "LRESULT",
    "HICON",
    "HBITMAP",
    "HCURSOR",
    "HBRUSH",
    "HFONT",
    "HPEN",
    "HDC",
    "HRGN",
    "HMENU",
    "HGLOBAL",
    "HGDIOBJ",
    "HACCEL",
    "HPALETTE",
    "HKEY",
    "HHOOK",
    "HRESULT",
    "HANDLE",
    "LPCTSTR",
    "LPTSTR",
    "LPCWSTR",
    "LPWSTR",
    "LPCSTR",
    "TCHAR",
    "WNDPROC",
    "DLGPROC",
    "PAINTSTRUCT",
    "SYSTEMTIME",
    "FILETIME",
    "CRITICAL_SECTION",
    "OVERLAPPED",
    "WSADATA",
    "STARTUPINFO",
    "PROCESS_INFORMATION",
    "PROCESSENTRY32",
    "MEMORY_BASIC_INFORMATION",
    "SECURITY_ATTRIBUTES",
    "LARGE_INTEGER",
    "ULARGE_INTEGER",
    "WNDCLASS",
    "WNDCLASSEX",
    "WIN32_FIND_DATA",
    "WIN32_FIND_DATAA",
    "WIN32_FIND_DATAW",
    "NOTIFYICONDATA",
    "OPENFILENAME",
    "BITMAPINFO",
    "BITMAPINFOHEADER",
    "LOGFONT",
    "TEXTMETRIC",
    "COLORREF",
    "CALLBACK",
    "WINAPI",
    "APIENTRY",
    "WINAPIV",
    "OSVERSIONINFO",
    "OSVERSIONINFOEX",
    "SYSTEM_INFO",
    "MEMORYSTATUSEX",
    "SERVICE_STATUS",
    "LPTHREAD_START_ROUTINE",
    "LPSECURITY_ATTRIBUTES",
    "INVALID_HANDLE_VALUE",
    "MAX_PATH",
    "SOCKADDR_IN",
    "INPUT_RECORD",
    "COORD",
];

static NAMES: LazyLock<HashSet<&[u8]>> = LazyLock::new(|| TYPES.iter().map(|name| name.as_bytes()).collect());

/// Beginnings of its constants.
const CONSTANTS: &[&[u8]] = &[
    b"WM_",
    b"VK_",
    b"SW_",
    b"SWP_",
    b"WS_",
    b"GWL_",
    b"GWLP_",
    b"HKEY_",
    b"IDC_",
    b"IDI_",
    b"MB_ICON",
    b"GENERIC_READ",
    b"GENERIC_WRITE",
    b"PAGE_EXECUTE",
    b"PAGE_READWRITE",
    b"MEM_COMMIT",
    b"MEM_RESERVE",
    b"FILE_ATTRIBUTE_",
    b"FILE_SHARE_",
    b"OPEN_EXISTING",
    b"CREATE_ALWAYS",
    b"WAIT_OBJECT_0",
    b"INFINITE",
    b"CSIDL_",
    b"CF_UNICODETEXT",
    b"SRCCOPY",
    b"DT_",
    b"REG_SZ",
    b"REG_DWORD",
    b"KEY_ALL_ACCESS",
    b"WSA_",
    b"SM_CX",
    b"SM_CY",
    b"COLOR_",
];

/// Beginnings of headers of Windows, without folder and in lower case.
const HEADERS: &[&str] = &[
    "windows.h",
    "windowsx.h",
    "windef.h",
    "winbase.h",
    "winuser.h",
    "wingdi.h",
    "winnt.h",
    "winreg.h",
    "winsvc.h",
    "winsock",
    "ws2tcpip.h",
    "ws2def.h",
    "mswsock.h",
    "wininet.h",
    "winhttp.h",
    "winioctl.h",
    "winternl.h",
    "wincrypt.h",
    "winspool.h",
    "wincon.h",
    "winver.h",
    "tchar.h",
    "shlobj.h",
    "shlwapi.h",
    "shellapi.h",
    "shlguid.h",
    "commctrl.h",
    "commdlg.h",
    "richedit.h",
    "mmsystem.h",
    "dsound.h",
    "ddraw.h",
    "dinput.h",
    "d3d",
    "dxgi",
    "gdiplus.h",
    "psapi.h",
    "tlhelp32.h",
    "dbghelp.h",
    "imagehlp.h",
    "setupapi.h",
    "iphlpapi.h",
    "objbase.h",
    "oleauto.h",
    "ole2.h",
    "olectl.h",
    "comdef.h",
    "comutil.h",
    "exdisp.h",
    "mshtml",
    "afx",
    "atl",
    "wtl",
    "stdafx.h",
    "uxtheme.h",
    "dwmapi.h",
    "userenv.h",
    "wtsapi32.h",
    "lmcons.h",
    "lmaccess.h",
    "ntddk.h",
    "wdm.h",
    "ntifs.h",
    "wmi",
    "wbemidl.h",
    "vfw.h",
    "strmif.h",
    "dshow.h",
    "mfapi.h",
    "xinput.h",
    "imm.h",
    "sapi.h",
    "sddl.h",
    "aclapi.h",
    "urlmon.h",
    "minwindef.h",
    "sdkddkver.h",
    "targetver.h",
    "vcl.h",
];

/// Functions and types of Windows in a C file.
pub(crate) fn read(source: &[u8], parts: &[Part], hits: &mut Vec<Hit>) {
    let mut lines = Lines::new(source);
    let mut at = 0;
    let mut last = 0;
    while at < source.len() {
        if !letter(source[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < source.len() && letter(source[at]) {
            at += 1;
        }
        let name = &source[start..at];
        if !name[0].is_ascii_uppercase() || name.len() < 3 || parts.get(start) != Some(&Part::Code) {
            continue;
        }
        let Some(kind) = kind(source, start, at) else { continue };
        let line = lines.of(start);
        // One place a line is enough; a macro that stands for such a name is found where it is used.
        if line == last || line_around(source, start).trim_ascii_start().starts_with(b"#") {
            continue;
        }
        last = line;
        hits.push(Hit {
            line,
            kind,
            profile: "os",
            blocker: true,
            targets: Targets::ALL,
            message: NAMED,
            days: [1.0, 0.02],
            found: String::from_utf8_lossy(line_around(source, start))
                .trim()
                .chars()
                .take(120)
                .collect::<String>()
                .into(),
            guard: None,
            name: String::from_utf8_lossy(name).into(),
        });
    }
}

fn kind(source: &[u8], start: usize, end: usize) -> Option<&'static str> {
    let name = &source[start..end];
    if NAMES.contains(name) || CONSTANTS.iter().any(|start| name.starts_with(start)) {
        return Some("windows-api");
    }
    if !source[end..(end + 4).min(source.len())].trim_ascii_start().starts_with(b"(") {
        return None;
    }
    let before = &source[..start];
    // A method, or a name of another space; `::Name(` is the global one.
    let member = before.ends_with(b".")
        || before.ends_with(b"->")
        || before
            .strip_suffix(b"::")
            .is_some_and(|rest| rest.last().is_some_and(|byte| letter(*byte) || *byte == b'>'));
    let known = FUNCTIONS.contains(name)
        || name.strip_suffix(b"A").or_else(|| name.strip_suffix(b"W")).is_some_and(|base| FUNCTIONS.contains(base));
    if member || !known {
        return None;
    }
    let begins = |words: &[&[u8]]| {
        words.iter().any(|word| name.starts_with(word) && name.get(word.len()).is_some_and(u8::is_ascii_uppercase))
    };
    Some(if begins(&[b"Reg"]) && !name.starts_with(b"Register") {
        "windows-registry"
    } else if begins(&[b"Co", b"Ole", b"Variant", b"SafeArray", b"CLSID", b"Disp"]) {
        "com"
    } else {
        "windows-api"
    })
}

/// Whether an include names a header of Windows.
fn header(name: &str) -> bool {
    let lower = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    HEADERS.iter().any(|start| lower.starts_with(start))
}

/// Which units see a header of Windows on some target: those that include one outside of any guard, whoever includes them,
/// and what these include after it.
pub(crate) fn seen(units: &[Unit<'_>], kept: &[Kept], includers: &[Vec<(usize, u32, bool)>]) -> Vec<bool> {
    let mut seen: Vec<bool> = units
        .iter()
        .zip(kept)
        .map(|(unit, kept)| {
            unit.directives.iter().any(|directive| {
                matches!(&directive.what, What::Include(name) if header(name))
                    && !kept.at(directive.line).usual.is_empty()
            })
        })
        .collect();
    let mut includes: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, from) in includers.iter().enumerate() {
        for (includer, line, _) in from {
            if !kept.get(*includer).is_some_and(|kept| kept.at(*line).usual.is_empty()) {
                includes.entry(*includer).or_default().push(index);
            }
        }
    }
    let mut work: Vec<usize> = (0..units.len()).filter(|index| seen[*index]).collect();
    while let Some(index) = work.pop() {
        for (includer, line, _) in &includers[index] {
            if !seen[*includer] && !kept[*includer].at(*line).usual.is_empty() {
                seen[*includer] = true;
                work.push(*includer);
            }
        }
    }
    let mut work: Vec<usize> = (0..units.len()).filter(|index| seen[*index]).collect();
    while let Some(index) = work.pop() {
        for included in includes.get(&index).into_iter().flatten() {
            if !seen[*included] {
                seen[*included] = true;
                work.push(*included);
            }
        }
    }
    seen
}
