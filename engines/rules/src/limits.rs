//! Length and depth of an expression, checked on its tokens before any parser recurses into it.

/// The longest expression, in bytes.
pub const MOST_BYTES: usize = 64 * 1024;

/// The deepest nesting of brackets, conditionals and prefix operators.
pub const MOST_LEVELS: usize = 100;

/// Says why an expression is too long or too deep to be parsed.
///
/// # Errors
/// A sentence in English.
pub fn check(source: &str) -> Result<(), String> {
    if source.len() > MOST_BYTES {
        return Err(format!("the expression has {} bytes; at most {MOST_BYTES} are read", source.len()));
    }
    // Conditionals count within their bracket: `a ? b : c ? d : e` recurses without any.
    let mut conditionals = vec![0usize];
    let (mut prefix, mut quote, mut escaped) = (0usize, None, false);
    for c in source.chars() {
        if let Some(end) = quote {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if c == end => quote = None,
                _ => {}
            }
            continue;
        }
        let innermost = conditionals.len() - 1;
        match c {
            '"' | '\'' => quote = Some(c),
            '(' | '[' | '{' => conditionals.push(0),
            ')' | ']' | '}' if innermost > 0 => conditionals.truncate(innermost),
            '?' => conditionals[innermost] += 1,
            ',' => conditionals[innermost] = 0,
            _ => {}
        }
        prefix = match c {
            '!' | '-' => prefix + 1,
            c if c.is_whitespace() => prefix,
            _ => 0,
        };
        if conditionals.len() + prefix + conditionals.iter().sum::<usize>() > MOST_LEVELS {
            return Err(format!("the expression is nested more than {MOST_LEVELS} levels deep"));
        }
    }
    Ok(())
}
