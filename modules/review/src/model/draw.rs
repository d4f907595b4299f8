//! Lots that anybody can draw again (抽签): what was kept secret was committed to before, what was chosen before witnesses makes
//! it nobody's choice.
//!
//! commitment = SHA-256("jinmen.review.commit.v1" 0 secret), published first;
//! seed = SHA-256("jinmen.review.draw.v1" 0 secret 0 words), where the words are said aloud by the witness after that;
//! the n-th number of eight bytes is the beginning of SHA-256(seed n), n from 0 as eight bytes, big-endian; numbers that would
//! make some places likelier are passed over; from the last place to the second, each is exchanged with one drawn of those up
//! to it (Fisher and Yates, in the form of Durstenfeld, CACM 7 (1964) 420).

use jinmen_core::{Instant, id, words};
use seal::{hex, sha256};

use super::{PanelId, RoundId};

id!(
    /// A draw.
    DrawId
);
store::arg_id!(DrawId);

words!(
    /// What is drawn.
    DrawKind, "review-draw-" {
        /// The order in which entries pitch.
        Order = "order",
        /// Experts of the pool.
        Experts = "experts",
    }
);

words!(
    /// How it is drawn.
    DrawMethod, "review-draw-by-" {
        /// By the program, from a secret that was committed to and words said before witnesses.
        Seed = "seed",
        /// With lots on paper; the result was typed.
        Paper = "paper",
    }
);

/// A draw of a round.
#[derive(Clone, PartialEq, Debug)]
pub struct Draw {
    /// Its identifier.
    pub id: DrawId,
    /// Of which round.
    pub round: RoundId,
    /// Of which panel.
    pub panel: PanelId,
    /// What is drawn.
    pub kind: DrawKind,
    /// How.
    pub method: DrawMethod,
    /// What was published before, in hexadecimal digits; empty where lots are on paper.
    pub commitment: String,
    /// The secret, in hexadecimal digits; it is shown once it was drawn.
    pub secret: String,
    /// What was said before witnesses.
    pub words: String,
    /// So many are drawn; 0 for all.
    pub count: i64,
    /// What is drawn from, in a fixed order.
    pub inputs: Vec<String>,
    /// What came of it; empty before.
    pub result: Vec<String>,
    /// When it was committed to.
    pub committed_at: Instant,
    /// By whom.
    pub committed_name: String,
    /// When it was drawn.
    pub drawn_at: Option<Instant>,
    /// By whom.
    pub drawn_name: String,
    /// Who watched it, by name.
    pub witness: String,
}

/// What is published before a draw.
pub fn commitment(secret: &[u8]) -> String {
    hex(&sha256(&[b"jinmen.review.commit.v1\0".as_slice(), secret].concat()))
}

/// The order that secret and words give to things in their fixed order.
pub fn drawn(secret: &[u8], words: &str, inputs: &[String]) -> Vec<String> {
    let seed = sha256(&[b"jinmen.review.draw.v1\0".as_slice(), secret, b"\0", words.as_bytes()].concat());
    let mut lots = Lots { seed, next: 0 };
    let mut order = inputs.to_vec();
    for last in (1..order.len()).rev() {
        let place = lots.below(last as u64 + 1) as usize;
        order.swap(last, place);
    }
    order
}

struct Lots {
    seed: [u8; 32],
    next: u64,
}

impl Lots {
    /// A number below a bound, each as likely as any other.
    fn below(&mut self, bound: u64) -> u64 {
        // The last part of the range that is no whole multiple of the bound is passed over.
        let fair = u64::MAX - u64::MAX % bound;
        loop {
            let digest = sha256(&[self.seed.as_slice(), &self.next.to_be_bytes()].concat());
            self.next += 1;
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&digest[..8]);
            let number = u64::from_be_bytes(bytes);
            if number < fair {
                return number % bound;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (1..=count).map(|at| format!("A{at:02}")).collect()
    }

    #[test]
    fn the_same_secret_and_words_give_the_same_order_and_others_another() {
        let inputs = names(12);
        let first = drawn(b"secret", "七", &inputs);
        assert_eq!(drawn(b"secret", "七", &inputs), first);
        assert_ne!(drawn(b"secret", "八", &inputs), first);
        assert_ne!(drawn(b"other", "七", &inputs), first);
        let mut sorted = first.clone();
        sorted.sort();
        assert_eq!(sorted, inputs);
        assert_eq!(drawn(b"s", "w", &names(1)), ["A01"]);
        assert!(drawn(b"s", "w", &[]).is_empty());
    }

    #[test]
    fn an_order_that_was_drawn_never_changes_with_the_program() {
        // Frozen: whoever drew with an older program must be able to draw again.
        let order = drawn(b"0123456789abcdef", "二十一", &names(6));
        assert_eq!(order.join(" "), FROZEN);
        assert_eq!(commitment(b"0123456789abcdef"), COMMITTED);
    }

    const FROZEN: &str = "A06 A03 A05 A02 A01 A04";
    const COMMITTED: &str = "77a8d4cb79809f82d1ffcf24dfc167e103d113e5b03d068ad39978f30857498b";

    #[test]
    fn every_place_is_as_likely_for_everybody() {
        let inputs = names(5);
        let mut first = [0_u32; 5];
        for at in 0..5_000_u32 {
            let order = drawn(&at.to_be_bytes(), "", &inputs);
            first[inputs.iter().position(|one| *one == order[0]).unwrap()] += 1;
        }
        // 1,000 each are expected; the deviation of one of them is 28.
        assert!(first.iter().all(|count| (880..1_120).contains(count)), "{first:?}");
    }
}
