//! Whether a function does something: it may be written in assembly, or be there only to say that it cannot.

/// What a function of Go has for a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// Written in assembly.
    None,
    /// Nothing but an error or a panic, in this line.
    Refuses(u32),
    Whole,
}

/// Lines of a function that are looked at.
const LONGEST: usize = 80;

/// Types in braces that a declaration may name.
fn without_types(line: &str) -> String {
    line.split("//").next().unwrap_or(line).replace("interface{}", "any").replace("struct{}", "none")
}

/// Whether what is returned last is an error that is made here or has a name.
fn error(returned: &str) -> bool {
    let last = returned.rsplit(", ").next().unwrap_or(returned).trim();
    let named = |start: &str| {
        last.strip_prefix(start)
            .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_uppercase()) && !rest.contains('('))
    };
    returned.contains("errors.New(") || returned.contains("fmt.Errorf(") || named("Err") || named("err")
}

/// Whether a function that takes arguments may not do nothing: hints and questions may.
fn does_nothing(head: &str) -> bool {
    let name = head.trim_start_matches("func ").split('(').next().unwrap_or_default().to_ascii_lowercase();
    let harmless = [
        "prefetch", "pause", "yield", "fence", "barrier", "hint", "nop", "has", "is", "can", "supp", "use", "avail",
        "detect", "enable", "cpuid", "init", "xgetbv", "check", "free", "close", "register", "log", "debug", "flush",
    ];
    let arguments = head.split('(').nth(1).is_some_and(|rest| !rest.trim_start().starts_with(')'));
    let answers = head.trim_end_matches([' ', '{']).ends_with("bool");
    // A method may be there for an interface alone.
    let method = head.starts_with("func (");
    !method && arguments && !answers && !harmless.iter().any(|word| name.contains(word))
}

/// `return`, `return 0` and their like.
fn constant(line: &str) -> bool {
    let nothing = |one: &str| matches!(one, "0" | "-1" | "nil" | "\"\"" | "0.0" | "false") || one.ends_with("{}");
    line == "return" || line.strip_prefix("return ").is_some_and(|value| value.split(", ").all(nothing))
}

/// A panic, but none that guards a place which nobody reaches.
fn stops_at_once(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    line.starts_with("panic(")
        && !["unreachable", "unexpected", "never", "should not"].iter().any(|word| lower.contains(word))
}

/// Judges the body of a function by the line it begins in and those behind.
pub(super) fn body(line: &str, after: &[&str], number: u32) -> Body {
    let mut head = without_types(line);
    // What goes on for longer is a whole function.
    let mut after = &after[..after.len().min(LONGEST)];
    // Parameters may go on over lines; the line that closes the bracket says whether a body follows.
    while head.matches('(').count() > head.matches(')').count() && !head.contains('{') {
        let Some((next, rest)) = after.split_first().filter(|_| head.len() < 4000) else { return Body::Whole };
        head.push_str(&without_types(next));
        after = rest;
    }
    if !head.contains('{') {
        return Body::None;
    }
    let line = head.as_str();
    let says = |line: &str| {
        let lower = line.to_ascii_lowercase();
        let words = [
            "unsupport",
            "not support",
            "only support",
            "supported only",
            "not implemented",
            "unimplemented",
            "not available",
            "unavailable",
            "no assembly",
            "no implementation",
            "amd64 only",
            "only amd64",
            "requires amd64",
        ];
        words.iter().any(|word| lower.contains(word))
            && (line.contains("rr") || line.contains("panic(") || line.contains("Fatal"))
    };
    if !line.trim_end().ends_with('{') {
        return if says(line) { Body::Refuses(number) } else { Body::Whole };
    }
    if !after.iter().any(|line| line.starts_with('}')) {
        return Body::Whole;
    }
    let inner: Vec<(usize, &str)> = after
        .iter()
        .take_while(|line| !line.starts_with('}'))
        .enumerate()
        .map(|(index, line)| (index, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with("//"))
        .collect();
    let only_error = |line: &str| line.strip_prefix("return ").is_some_and(error);
    let found = inner.iter().find(|(index, line)| {
        says(line) || (inner.len() == 1 && only_error(line)) || (*index == 0 && inner.len() <= 2 && stops_at_once(line))
    });
    match found {
        None if inner.is_empty() && does_nothing(line) => Body::Refuses(number),
        None if inner.len() == 1 && does_nothing(line) && constant(inner[0].1) => {
            Body::Refuses(number + 1 + u32::try_from(inner[0].0).unwrap_or(0))
        }
        Some((index, _)) if inner.len() <= 10 => Body::Refuses(number + 1 + u32::try_from(*index).unwrap_or(0)),
        _ => Body::Whole,
    }
}
