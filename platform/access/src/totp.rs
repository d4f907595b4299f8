//! Codes that change every 30 seconds: TOTP (RFC 6238) over HOTP (RFC 4226), as authenticator apps compute them
//! (HMAC-SHA1, six digits, since many apps know nothing else).

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Seconds of one step.
pub(crate) const STEP_SECONDS: i64 = 30;
/// Bytes of a secret, as RFC 4226 recommends.
pub(crate) const SECRET_BYTES: usize = 20;
/// Steps before and after the present one whose codes are taken: clocks of telephones go wrong.
const DRIFT: i64 = 1;
/// The digits of base 32.
const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The six digits of a step.
pub(crate) fn code(secret: &[u8], step: i64) -> Option<String> {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash.last()? & 0x0f);
    let four: [u8; 4] = hash.get(at..at + 4)?.try_into().ok()?;
    Some(format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000))
}

/// The step, near an instant in seconds since 1970, whose code was typed.
pub(crate) fn step_of(secret: &[u8], typed: &str, seconds: i64) -> Option<i64> {
    let now = seconds.div_euclid(STEP_SECONDS);
    (now - DRIFT..=now + DRIFT).find(|step| code(secret, *step).is_some_and(|right| same(&right, typed)))
}

/// What an app shows that was given a secret as text: the code of an instant in seconds since 1970.
pub fn shown(secret: &str, seconds: i64) -> Option<String> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for digit in secret.bytes().filter(|byte| *byte != b' ') {
        held = (held << 5) | u32::try_from(DIGITS.iter().position(|known| *known == digit)?).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    code(&bytes, seconds.div_euclid(STEP_SECONDS))
}

/// Compares in the same time wherever they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// Base 32 (RFC 4648) without padding: how apps take a secret as text.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(DIGITS[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(DIGITS[(held << (5 - bits) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_vectors_of_rfc_4226_and_rfc_6238() {
        let hotp = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (step, right) in (0..).zip(hotp) {
            assert_eq!(code(SECRET, step).as_deref(), Some(right), "HOTP {step}");
        }
        // RFC 6238 prints eight digits; the last six are these.
        let totp = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, right) in totp {
            assert_eq!(code(SECRET, seconds / STEP_SECONDS).as_deref(), Some(right), "TOTP {seconds}");
        }
    }

    #[test]
    fn a_clock_may_go_wrong_by_one_step_and_no_more() {
        let now = 1_234_567_890;
        let step = now / STEP_SECONDS;
        for (drift, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let typed = code(SECRET, step + drift).unwrap();
            assert_eq!(step_of(SECRET, &typed, now), taken.then_some(step + drift), "{drift}");
        }
        for typed in ["", "00592", "0059240", "津门津门"] {
            assert_eq!(step_of(SECRET, typed, now), None, "{typed}");
        }
    }

    #[test]
    fn an_app_given_the_text_shows_the_same_codes() {
        assert_eq!(shown(&base32(SECRET), 59).as_deref(), Some("287082"));
        assert_eq!(shown("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", 1_111_111_109).as_deref(), Some("081804"));
        assert_eq!(shown("津门", 59), None);
    }

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (text, right) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(text.as_bytes()), right);
        }
    }
}
