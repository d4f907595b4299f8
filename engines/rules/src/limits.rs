//! Length and depth of an expression, checked on its tokens before any parser recurses into it.

/// The longest expression, in bytes.
pub const MOST_BYTES: usize = 64 * 1024;

/// The deepest nesting of brackets, conditionals and prefix operators.
pub const MOST_LEVELS: usize = 100;

/// The longest chain of operators that take each other's results, such as the sums in `a + b + c`: the tree of a chain is
/// as deep as the chain is long.
pub const MOST_LINKS: usize = 250;

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
    // By bracket: the chain so far, and the longest before it.
    let mut chains = vec![(0usize, 0usize)];
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
        link(c, &mut chains);
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
        if chains.last().is_some_and(|(links, _)| *links > MOST_LINKS) {
            return Err(format!("more than {MOST_LINKS} operators follow each other; use sum([…]) or parts"));
        }
    }
    Ok(())
}

/// Counts an operator, outside of texts. What stands in brackets may be the first operand of what follows.
fn link(c: char, chains: &mut Vec<(usize, usize)>) {
    let Some((links, longest)) = chains.last_mut() else { return };
    match c {
        '+' | '-' | '*' | '/' | '%' | '<' | '>' | '=' | '.' => *links += 1,
        // The parser makes a balanced tree of these, or counts them as levels.
        '&' | '|' | ',' | '?' | ':' => (*longest, *links) = ((*longest).max(*links), 0),
        '(' | '[' | '{' => {
            *links += 1;
            chains.push((0, 0));
        }
        ')' | ']' | '}' if chains.len() > 1 => {
            let (links, longest) = chains.pop().unwrap_or_default();
            if let Some((outer, _)) = chains.last_mut() {
                *outer += links.max(longest);
            }
        }
        _ => {}
    }
}
