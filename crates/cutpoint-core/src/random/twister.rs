//! MT19937 with NumPy's legacy seeding: the raw 32-bit words of [`RandomState`](super::RandomState).
//!
//! Knows nothing of what the words are used for.

/// Words of state.
const N: usize = 624;
/// How far ahead the recurrence looks.
const M: usize = 397;

/// The generator: its state, and how many of the words it holds are used up.
#[derive(Clone)]
pub(super) struct Twister {
    key: [u32; N],
    position: usize,
}

impl Twister {
    /// Knuth's fill from one number.
    pub(super) fn from_seed(seed: u32) -> Self {
        let mut key = [0; N];
        let mut word = seed;
        for (next, slot) in (1..).zip(&mut key) {
            *slot = word;
            word = mixed(word).wrapping_mul(1_812_433_253).wrapping_add(next);
        }
        Self { key, position: N }
    }

    /// Initialisation by array; `seed` must not be empty. Keys beyond 624 words count in full.
    pub(super) fn from_key(seed: &[u32]) -> Self {
        let Self { mut key, .. } = Self::from_seed(19_650_218);
        let mut i = 1;
        for (&word, j) in seed.iter().zip(0_u32..).cycle().take(N.max(seed.len())) {
            key[i] = (key[i] ^ mixed(key[i - 1]).wrapping_mul(1_664_525))
                .wrapping_add(word)
                .wrapping_add(j);
            i = advance(&mut key, i);
        }
        for _ in 1..N {
            #[expect(clippy::cast_possible_truncation, reason = "i is below 624")]
            let index = i as u32;
            key[i] = (key[i] ^ mixed(key[i - 1]).wrapping_mul(1_566_083_941)).wrapping_sub(index);
            i = advance(&mut key, i);
        }
        key[0] = 0x8000_0000;
        Self { key, position: N }
    }

    /// The next word.
    #[inline]
    pub(super) fn word(&mut self) -> u32 {
        if self.position >= N {
            self.refill();
        }
        let word = temper(self.key[self.position]);
        self.position += 1;
        word
    }

    /// The next words, as many as fit: three times as fast as one at a time.
    pub(super) fn fill(&mut self, mut words: &mut [u32]) {
        while !words.is_empty() {
            if self.position >= N {
                self.refill();
            }
            let ready = &self.key[self.position..];
            let n_now = ready.len().min(words.len());
            let (now, later) = words.split_at_mut(n_now);
            for (word, &raw) in now.iter_mut().zip(ready) {
                *word = temper(raw);
            }
            self.position += n_now;
            words = later;
        }
    }

    /// The next 624 words of state. Three loops without index arithmetic modulo 624, so that they vectorise.
    fn refill(&mut self) {
        let key = &mut self.key;
        for i in 0..N - M {
            key[i] = twist(key[i], key[i + 1], key[i + M]);
        }
        for i in N - M..N - 1 {
            key[i] = twist(key[i], key[i + 1], key[i + M - N]);
        }
        key[N - 1] = twist(key[N - 1], key[0], key[M - 1]);
        self.position = 0;
    }
}

fn mixed(word: u32) -> u32 {
    word ^ (word >> 30)
}

/// The index after `i` in the seeding by array, which goes round from the last word to the second.
fn advance(key: &mut [u32; N], i: usize) -> usize {
    if i + 1 < N {
        return i + 1;
    }
    key[0] = key[N - 1];
    1
}

fn twist(this: u32, next: u32, far: u32) -> u32 {
    let joined = (this & 0x8000_0000) | (next & 0x7fff_ffff);
    far ^ (joined >> 1) ^ ((joined & 1).wrapping_neg() & 0x9908_b0df)
}

fn temper(mut word: u32) -> u32 {
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c_5680;
    word ^= (word << 15) & 0xefc6_0000;
    word ^ (word >> 18)
}
