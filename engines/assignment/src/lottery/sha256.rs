//! SHA-256 (FIPS 180-4), for lots that anybody can repeat. Written out here because an engine depends on nothing that comes
//! to depend on a runtime, and hash crates do through their sources of randomness.

/// The square roots' and cube roots' first bits, computed as the standard defines them: fractional parts of roots of primes.
fn constants() -> ([u32; 8], [u32; 64]) {
    let mut primes = (2u64..).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0));
    let (mut start, mut rounds) = ([0; 8], [0; 64]);
    for (at, slot) in rounds.iter_mut().enumerate() {
        let prime = primes.next().unwrap_or_default();
        *slot = root(prime, 3);
        if let Some(first) = start.get_mut(at) {
            *first = root(prime, 2);
        }
    }
    (start, rounds)
}

/// The first 32 bits of the fractional part of a root, by halving in whole numbers.
fn root(prime: u64, degree: u32) -> u32 {
    let (mut low, mut high) = (0u128, 1u128 << 40);
    let aim = u128::from(prime) << (32 * degree);
    while high - low > 1 {
        let middle = u128::midpoint(low, high);
        if middle.pow(degree) <= aim { low = middle } else { high = middle }
    }
    low as u32
}

/// Hashes texts one after the other.
pub(super) struct Sha256 {
    start: [u32; 8],
    rounds: [u32; 64],
}

impl Sha256 {
    pub fn new() -> Sha256 {
        let (start, rounds) = constants();
        Sha256 { start, rounds }
    }

    pub fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut text: Vec<u8> = parts.concat();
        let bits = text.len() as u64 * 8;
        text.push(0x80);
        while text.len() % 64 != 56 {
            text.push(0);
        }
        text.extend(bits.to_be_bytes());
        let mut state = self.start;
        for block in text.chunks_exact(64) {
            self.compress(&mut state, block);
        }
        let mut digest = [0; 32];
        for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        digest
    }

    fn compress(&self, state: &mut [u32; 8], block: &[u8]) {
        let mut words = [0u32; 64];
        for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        for at in 16..64 {
            let (a, b) = (words[at - 15], words[at - 2]);
            let small_a = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let small_b = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            words[at] = words[at - 16].wrapping_add(small_a).wrapping_add(words[at - 7]).wrapping_add(small_b);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
        for (word, constant) in words.iter().zip(&self.rounds) {
            let big_e = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let choice = (e & f) ^ (!e & g);
            let one = h.wrapping_add(big_e).wrapping_add(choice).wrapping_add(*constant).wrapping_add(*word);
            let big_a = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let two = big_a.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(one), c, b, a, one.wrapping_add(two));
        }
        for (slot, value) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *slot = slot.wrapping_add(value);
        }
    }
}
