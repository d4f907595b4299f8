//! Passwords that are guessed first: words everybody takes, years and days of birth, neighbouring keys, repetition, the
//! person's own names.
//!
//! No list of leaked passwords: a password is taken apart into such pieces, the fewest that make it up, and each piece
//! counts as one character, because whoever guesses tries the whole piece at once. What has too little left is refused.
//! `Admin@123456` has three pieces; a sentence has as many as it has characters.

/// Pieces that a password must have at least.
const LEAST: usize = 6;
/// The shortest piece of neighbouring keys, of an alphabet, of one character again and again.
const WALK: usize = 3;
/// The longest stretch whose repetition counts as one piece.
const PERIOD: usize = 16;

/// Words that passwords are made of everywhere, and the pinyin and the numbers that they are made of in China. A word
/// longer than eight letters is met as its parts.
const WORDS: &str = "password passwd passwort pass word secret login logon signin welcome letmein changeme default temp \
    test tester testing guest user username admin administrator root super superuser system manager master server \
    service public private security access account computer internet windows linux office company employee \
    hello iloveyou love lover baby angel dragon monkey tiger sunshine princess football basketball superman batman \
    shadow killer michael jordan charlie jessica ashley thomas summer winter spring autumn monday friday january \
    qwert qwerty asdf zxcv abc abcd xyz wasd \
    mima woaini woai aini zhongguo zhonghua china chinese beijing tianjin shanghai guangzhou shenzhen chongqing binhai \
    nankai heping hexi hebei hedong hongqiao xiqing jinnan dongli beichen wuqing baodi jizhou jinghai ninghe jinmen \
    gongsi qiye lianmeng yuanqu keji xinxi shuju jishu xietong pingtai guanli guanliyuan yonghu denglu ceshi moren \
    mishu mishuchu kaifa banggong caiwu renshi xiangmu xitong zhanghao haoma dianhua shouji weixin \
    nihao xiexie zaijian baobao laogong laopo mama baba gege didi jiejie meimei pengyou laoshi xuesheng \
    xingfu kuaile facai gongxi shengri jiankang pingan yongyuan jixiang ruyi wodeai wode \
    zhang wang zhao chen liu yang huang zhou zhu guo lin luo liang song zheng xie tang feng deng cao peng zeng xiao \
    1314 520 5201314 168 518 918 110 119 120 ";

/// Keys that lie side by side, and what is counted off; each is walked both ways.
const LINES: [&str; 26] = [
    "`1234567890-=",
    "~!@#$%^&*()_+",
    "qwertyuiop[]\\",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik,",
    "9ol.",
    "0p;/",
    "!qaz",
    "@wsx",
    "#edc",
    "741",
    "852",
    "963",
    "159",
    "357",
    "789456123",
];

/// The longest of them.
const LONGEST_LINE: usize = 26;

/// Whether a password is among the first that somebody would guess who knows the names; `names` are whatever is known of
/// its owner: the account's name, the organisation's, in any script.
pub(crate) fn easy(password: &str, names: &[&str]) -> bool {
    pieces(password, names) < LEAST
}

/// The fewest pieces that make up a password.
fn pieces(password: &str, names: &[&str]) -> usize {
    let typed: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    let disguised = [typed.clone(), undisguised(&typed, 'i'), undisguised(&typed, 'l')];
    let known: Vec<Vec<char>> =
        WORDS.split_whitespace().map(str::to_owned).chain(parts(names)).map(|word| word.chars().collect()).collect();
    // fewest[at] is what the characters before `at` come to.
    let mut fewest = vec![0_usize; typed.len() + 1];
    for end in 1..=typed.len() {
        let mut best = fewest[end - 1] + 1;
        for word in known.iter().filter(|word| word.len() <= end) {
            let start = end - word.len();
            if disguised.iter().any(|form| form[start..end] == word[..]) {
                best = best.min(fewest[start] + 1);
            }
        }
        for start in 0..end.saturating_sub(WALK - 1) {
            let piece = &typed[start..end];
            if is_one(piece) || is_walk(piece) || is_number_of_a_life(piece) || repeats(&typed, start, end) {
                best = best.min(fewest[start] + 1);
            }
        }
        fewest[end] = best;
    }
    fewest.last().copied().unwrap_or_default()
}

/// Letters in the place of the signs that are written for them.
fn undisguised(typed: &[char], one: char) -> Vec<char> {
    let letter = |c: &char| match c {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => *other,
    };
    typed.iter().map(letter).collect()
}

/// Names as words: each part of three characters or more, in lower case; and Chinese in its pinyin, whole and by initials.
fn parts(names: &[&str]) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    for name in names {
        let name = store::text::fold(name);
        found.extend(name.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
        found.extend(store::text::spoken(&name));
    }
    found.into_iter().filter(|word| word.chars().count() >= 3)
}

/// Whether a piece is one character again and again.
fn is_one(piece: &[char]) -> bool {
    piece.iter().all(|c| Some(c) == piece.first())
}

fn is_walk(piece: &[char]) -> bool {
    if piece.len() > LONGEST_LINE {
        return false;
    }
    let forth: String = piece.iter().collect();
    let back: String = piece.iter().rev().collect();
    LINES.iter().any(|line| line.contains(&forth) || line.contains(&back))
}

/// A year, a month of a year, a day, a mobile number.
fn is_number_of_a_life(piece: &[char]) -> bool {
    if !piece.iter().all(char::is_ascii_digit) {
        return false;
    }
    let number = |part: &[char]| part.iter().fold(0_u32, |sum, c| sum * 10 + c.to_digit(10).unwrap_or_default());
    let year = |part: &[char]| (1930..=2049).contains(&number(part));
    let month = |part: &[char]| (1..=12).contains(&number(part));
    let day = |part: &[char]| (1..=31).contains(&number(part));
    match piece.len() {
        4 => year(piece) || month(&piece[..2]) && day(&piece[2..]),
        6 => year(&piece[..4]) && month(&piece[4..]) || month(&piece[2..4]) && day(&piece[4..]),
        8 => year(&piece[..4]) && month(&piece[4..6]) && day(&piece[6..]),
        11 => piece[0] == '1' && ('3'..='9').contains(&piece[1]),
        _ => false,
    }
}

/// Whether what stands from `start` to `end` only says again what stood before it.
fn repeats(typed: &[char], start: usize, end: usize) -> bool {
    (1..=PERIOD.min(start))
        .any(|period| end - start >= period.max(2) && (start..end).all(|at| typed[at] == typed[at - period]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_everybody_takes_is_easy() {
        for password in [
            "password1234",
            "P@ssw0rd2024",
            "Admin@123456",
            "adminadminadmin",
            "qwertyuiop123",
            "1qaz2wsx3edc",
            "!QAZ2wsx#EDC",
            "zxcvbnm,./123",
            "abcdefghijkl",
            "aaaabbbbcccc",
            "abababababab",
            "abcabcabcabc",
            "woaini1314520",
            "tianjin2021!!",
            "mima12345678",
            "19900101wang",
            "zhang19851230",
            "13800138000a",
            "13800138000!!",
            "000000000000",
            "147258369147258369",
        ] {
            assert!(easy(password, &[]), "{password}: {}", pieces(password, &[]));
        }
    }

    #[test]
    fn what_somebody_made_up_is_not() {
        for password in [
            "correct horse battery",
            "a long password of mine",
            "another-one-2021",
            "haihe-bridge-at-dawn",
            "my-profile-my-choice",
            "keep-the-lamps-lit",
            "vK4#x9Lw2pQz",
            "xueer-er-shixi-zhi",
        ] {
            assert!(!easy(password, &[]), "{password}: {}", pieces(password, &[]));
        }
    }

    #[test]
    fn one_s_own_names_are_no_secret() {
        let names = ["gu.hanxi", "Haihe Digital Alliance"];
        for password in ["guhanxi20210618", "hanxi_haihe_1", "HaiheAlliance1"] {
            let own: Vec<&str> = names.iter().copied().chain(["guhanxi"]).collect();
            assert!(easy(password, &own), "{password}: {}", pieces(password, &own));
            assert!(pieces(password, &own) < pieces(password, &[]), "{password}");
        }
    }

    proptest! {
        #[test]
        fn pieces_are_never_more_than_characters_and_taking_a_name_away_never_makes_fewer(
            password in "[a-z0-9@! ]{0,24}", name in "[a-z]{3,6}",
        ) {
            let alone = pieces(&password, &[]);
            prop_assert!(alone <= password.chars().count());
            prop_assert!(pieces(&password, &[&name]) <= alone);
            // What is written twice is hardly harder than once.
            let twice = password.clone() + &password;
            if (WALK..=PERIOD).contains(&password.chars().count()) {
                prop_assert!(pieces(&twice, &[]) <= alone + 1);
            }
        }
    }
}
