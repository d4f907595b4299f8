//! Conditions of the C preprocessor with three values: an integer, or `None` where the build decides.
//!
//! C17 6.10.1; the operators of the constant expression, `defined`, `__has_include` and the like (which nobody here can
//! answer, so they are `None`).

/// What a name stands for.
pub(crate) trait Names {
    /// Whether the macro is defined; `None` where unknown.
    fn defined(&self, name: &str) -> Option<bool>;
    /// The macro's value as an integer; `None` where unknown. A macro that is certainly undefined is 0.
    fn value(&self, name: &str, depth: u8) -> Option<i64>;
}

/// Deeper expressions and longer chains of macros are taken as unknown.
const DEPTH: u8 = 24;

/// The condition's value.
pub(crate) fn evaluate(text: &str, names: &dyn Names, depth: u8) -> Option<i64> {
    if depth >= DEPTH {
        return None;
    }
    let mut parser = Parser { rest: text.as_bytes(), names, depth, nesting: 0 };
    let value = parser.ternary();
    parser.space();
    if parser.rest.is_empty() { value } else { None }
}

struct Parser<'a> {
    rest: &'a [u8],
    names: &'a dyn Names,
    depth: u8,
    nesting: u8,
}

/// Binary operators, longest first within a level; a higher level binds closer.
const OPERATORS: [(&[u8], u8); 18] = [
    (b"||", 1),
    (b"&&", 2),
    (b"==", 6),
    (b"!=", 6),
    (b"<=", 7),
    (b">=", 7),
    (b"<<", 8),
    (b">>", 8),
    (b"|", 3),
    (b"^", 4),
    (b"&", 5),
    (b"<", 7),
    (b">", 7),
    (b"+", 9),
    (b"-", 9),
    (b"*", 10),
    (b"/", 10),
    (b"%", 10),
];

impl<'a> Parser<'a> {
    fn space(&mut self) {
        while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn take(&mut self, token: &[u8]) -> bool {
        self.space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn ternary(&mut self) -> Option<i64> {
        let condition = self.binary(1);
        if !self.take(b"?") {
            return condition;
        }
        let yes = self.ternary();
        if !self.take(b":") {
            return None;
        }
        let no = self.ternary();
        match condition {
            Some(0) => no,
            Some(_) => yes,
            None => (yes == no).then_some(yes).flatten(),
        }
    }

    fn binary(&mut self, least: u8) -> Option<i64> {
        let mut left = self.unary();
        loop {
            self.space();
            let Some((token, level)) = OPERATORS.iter().find(|(token, _)| self.rest.starts_with(token)) else {
                return left;
            };
            if *level < least {
                return left;
            }
            self.rest = &self.rest[token.len()..];
            let right = self.binary(level + 1);
            left = combine(token, left, right);
        }
    }

    fn unary(&mut self) -> Option<i64> {
        if self.nesting > 100 {
            self.rest = b"";
            return None;
        }
        self.nesting += 1;
        let value = self.unary_within();
        self.nesting -= 1;
        value
    }

    fn unary_within(&mut self) -> Option<i64> {
        self.space();
        match self.rest {
            [b'!', ..] => {
                self.rest = &self.rest[1..];
                self.unary().map(|value| i64::from(value == 0))
            }
            [b'-', ..] => {
                self.rest = &self.rest[1..];
                self.unary().map(i64::wrapping_neg)
            }
            [b'+', ..] => {
                self.rest = &self.rest[1..];
                self.unary()
            }
            [b'~', ..] => {
                self.rest = &self.rest[1..];
                self.unary().map(|value| !value)
            }
            [b'(', ..] => {
                self.rest = &self.rest[1..];
                let value = self.ternary();
                if self.take(b")") { value } else { None }
            }
            [first, ..] if first.is_ascii_digit() => self.number(),
            [first, ..] if first.is_ascii_alphabetic() || *first == b'_' => self.name(),
            [_, rest @ ..] => {
                self.rest = rest;
                None
            }
            [] => None,
        }
    }

    fn word(&mut self) -> &'a str {
        let end =
            self.rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        std::str::from_utf8(word).unwrap_or_default()
    }

    fn number(&mut self) -> Option<i64> {
        let word = self.word();
        let digits = word.trim_end_matches(['u', 'U', 'l', 'L']);
        if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            return i64::from_str_radix(hex, 16).ok();
        }
        if digits.len() > 1 && digits.starts_with('0') {
            return i64::from_str_radix(digits, 8).ok();
        }
        digits.parse().ok()
    }

    fn name(&mut self) -> Option<i64> {
        let name = self.word();
        if name == "defined" {
            let open = self.take(b"(");
            self.space();
            let macro_name = self.word();
            if open && !self.take(b")") {
                return None;
            }
            return self.names.defined(macro_name).map(i64::from);
        }
        self.space();
        if self.rest.first() == Some(&b'(') {
            self.skip_arguments();
            // `__has_include`, `__GNUC_PREREQ` and macros with arguments: a certainly undefined one makes the condition false.
            return if self.names.defined(name) == Some(false) && !name.starts_with("__has") { Some(0) } else { None };
        }
        match name {
            "true" => Some(1),
            "false" => Some(0),
            _ => self.names.value(name, self.depth + 1),
        }
    }

    fn skip_arguments(&mut self) {
        let mut open = 0_u32;
        while let [first, rest @ ..] = self.rest {
            self.rest = rest;
            match first {
                b'(' => open += 1,
                b')' if open <= 1 => return,
                b')' => open -= 1,
                _ => {}
            }
        }
    }
}

fn combine(token: &[u8], left: Option<i64>, right: Option<i64>) -> Option<i64> {
    match token {
        b"&&" if left == Some(0) || right == Some(0) => return Some(0),
        b"||" if left.is_some_and(|value| value != 0) || right.is_some_and(|value| value != 0) => return Some(1),
        _ => {}
    }
    let (left, right) = (left?, right?);
    Some(match token {
        b"&&" => i64::from(left != 0 && right != 0),
        b"||" => i64::from(left != 0 || right != 0),
        b"==" => i64::from(left == right),
        b"!=" => i64::from(left != right),
        b"<=" => i64::from(left <= right),
        b">=" => i64::from(left >= right),
        b"<" => i64::from(left < right),
        b">" => i64::from(left > right),
        b"<<" => left.checked_shl(u32::try_from(right).ok()?)?,
        b">>" => left.checked_shr(u32::try_from(right).ok()?)?,
        b"|" => left | right,
        b"^" => left ^ right,
        b"&" => left & right,
        b"+" => left.wrapping_add(right),
        b"-" => left.wrapping_sub(right),
        b"*" => left.wrapping_mul(right),
        b"/" => left.checked_div(right)?,
        _ => left.checked_rem(right)?,
    })
}
