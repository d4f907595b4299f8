//! Class files of Java (JVM specification, chapter 4): what the constant pool names, written as Java that the reader of
//! sources understands. Nothing is decompiled; a finding is at the file as a whole.

/// A class file's constants.
#[derive(Debug, Default, PartialEq, Eq)]
struct Pool<'a> {
    texts: Vec<Option<&'a [u8]>>,
    /// Indices of texts that are classes and strings.
    classes: Vec<u16>,
    strings: Vec<u16>,
    /// Class and name of methods that are called: indices of classes, and of names and types.
    methods: Vec<(u16, u16)>,
    /// By their own index: which text a class has, and the names of names and types.
    class_of: Vec<u16>,
    name_of: Vec<u16>,
}

/// Whether bytes are a class file's.
pub(crate) fn is(bytes: &[u8]) -> bool {
    // The same four bytes begin fat binaries of macOS, whose next number is small.
    bytes.starts_with(&[0xca, 0xfe, 0xba, 0xbe]) && bytes.len() > 10 && bytes[4..8] > [0, 0, 0, 0x2c][..]
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let found = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(found)
    }

    fn short(&mut self) -> Option<u16> {
        self.take(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
    }
}

fn pool(bytes: &[u8]) -> Option<Pool<'_>> {
    let mut reader = Reader { bytes, at: 8 };
    let count = usize::from(reader.short()?);
    let mut pool =
        Pool { texts: vec![None; count], class_of: vec![0; count], name_of: vec![0; count], ..Pool::default() };
    let mut index = 1;
    while index < count {
        let tag = reader.take(1)?[0];
        match tag {
            1 => {
                let length = usize::from(reader.short()?);
                pool.texts[index] = Some(reader.take(length)?);
            }
            7 => {
                let name = reader.short()?;
                pool.class_of[index] = name;
                pool.classes.push(name);
            }
            8 => {
                let text = reader.short()?;
                pool.strings.push(text);
            }
            10 | 11 => {
                let class = reader.short()?;
                let name = reader.short()?;
                pool.methods.push((class, name));
            }
            12 => {
                pool.name_of[index] = reader.short()?;
                reader.short()?;
            }
            3 | 4 | 9 | 17 | 18 => {
                reader.take(4)?;
            }
            5 | 6 => {
                reader.take(8)?;
                // Long numbers take two places.
                index += 1;
            }
            15 => {
                reader.take(3)?;
            }
            16 | 19 | 20 => {
                reader.short()?;
            }
            _ => return None,
        }
        index += 1;
    }
    Some(pool)
}

impl<'a> Pool<'a> {
    fn text(&self, index: u16) -> Option<&'a str> {
        std::str::from_utf8(self.texts.get(usize::from(index)).copied().flatten()?).ok()
    }

    fn class(&self, index: u16) -> Option<&'a str> {
        self.text(*self.class_of.get(usize::from(index))?)
    }

    fn method(&self, index: u16) -> Option<&'a str> {
        self.text(*self.name_of.get(usize::from(index))?)
    }
}

/// The file as Java: its classes as imports, its texts as texts, its loads of native libraries as calls.
///
/// # Errors
/// A damaged file, in words.
pub(crate) fn as_java(bytes: &[u8]) -> Result<String, String> {
    let pool = pool(bytes).ok_or("damaged constants")?;
    let mut text = String::new();
    for name in pool
        .classes
        .iter()
        .filter_map(|index| pool.text(*index))
        .filter(|name| name.len() < 200 && !name.starts_with('['))
    {
        text.push_str(&format!("import {};\n", name.replace(['/', '$'], ".")));
    }
    let calls: Vec<(&str, &str)> =
        pool.methods.iter().filter_map(|(class, name)| Some((pool.class(*class)?, pool.method(*name)?))).collect();
    let calls_of =
        |class: &str, methods: &[&str]| calls.iter().any(|(owner, name)| *owner == class && methods.contains(name));
    let loads = calls_of("java/lang/System", &["loadLibrary"]) || calls_of("java/lang/Runtime", &["loadLibrary"]);
    let bridge = calls_of("com/sun/jna/Native", &["load", "loadLibrary", "register"]);
    for literal in pool.strings.iter().filter_map(|index| pool.text(*index)).filter(|literal| literal.len() < 4000) {
        let quoted = literal.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r', '\0'], " ");
        let name = literal.len() < 60
            && !literal.is_empty()
            && literal.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
        if name && loads {
            text.push_str(&format!("System.loadLibrary(\"{quoted}\");\n"));
        } else if name && bridge {
            text.push_str(&format!("Native.load(\"{quoted}\");\n"));
        } else {
            text.push_str(&format!("String s = \"{quoted}\";\n"));
        }
    }
    for (class, method) in calls
        .iter()
        .filter(|(class, _)| class.starts_with("com/sun/jna/platform/win32/") || class.starts_with("com/jacob/"))
    {
        text.push_str(&format!("{}.INSTANCE.{method}();\n", class.rsplit('/').next().unwrap_or(class)));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{as_java, is};

    /// A class file of constants alone.
    fn class(constants: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52];
        bytes.extend(u16::try_from(constants.len() + 1).unwrap_or(0).to_be_bytes());
        constants.iter().for_each(|constant| bytes.extend(*constant));
        bytes
    }

    fn text(value: &str) -> Vec<u8> {
        let mut bytes = vec![1];
        bytes.extend(u16::try_from(value.len()).unwrap_or(0).to_be_bytes());
        bytes.extend(value.as_bytes());
        bytes
    }

    #[test]
    fn a_load_of_a_library_is_seen_with_the_names_that_may_be_meant() {
        let (system, load, descriptor, name) =
            (text("java/lang/System"), text("loadLibrary"), text("(Ljava/lang/String;)V"), text("card"));
        let bytes =
            class(&[&system, &[7, 0, 1], &load, &descriptor, &[12, 0, 3, 0, 4], &[10, 0, 2, 0, 5], &name, &[8, 0, 7]]);
        assert!(is(&bytes));
        assert_eq!(as_java(&bytes).as_deref(), Ok("import java.lang.System;\nSystem.loadLibrary(\"card\");\n"));
    }

    #[test]
    fn damaged_constants_are_said_and_a_fat_binary_is_no_class() {
        assert!(as_java(&class(&[&[99]])).is_err());
        assert!(as_java(&class(&[&[1, 255, 255]])).is_err());
        assert!(!is(&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2, 0, 0, 0, 0]));
    }
}
