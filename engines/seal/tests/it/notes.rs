//! Signed notes, their keys, and rings of keys.

use proptest::prelude::*;
use seal::note::{self, NoteError, Verifier};
use seal::ring::{self, Published, Ring};
use seal::{Algorithm, Signer, SoftwareKey};

const NAME: &str = "jinmen.example.cn/record";
const TEXT: &str = "jinmen.example.cn/record\n3\nAAAA\n";

fn key(algorithm: Algorithm, seed: u8) -> SoftwareKey {
    SoftwareKey::new(algorithm, &[seed; 32]).unwrap()
}

fn verifier(key: &SoftwareKey) -> Verifier {
    Verifier::new(NAME, key.public().clone()).unwrap()
}

#[test]
fn the_example_of_the_specification_checks() {
    let key = Verifier::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").unwrap();
    let text = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let note = note::parse(text).unwrap();
    assert_eq!(note.verify(std::slice::from_ref(&key)).unwrap(), [&key]);
    assert_eq!(key.to_string(), "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
}

#[test]
fn a_note_of_three_signatures_checks_by_each_and_by_all() {
    let keys: Vec<SoftwareKey> = Algorithm::ALL.into_iter().map(|algorithm| key(algorithm, 3)).collect();
    let signers: Vec<&dyn Signer> = keys.iter().map(|key| key as &dyn Signer).collect();
    let text = note::sign(TEXT, NAME, &signers).unwrap();
    let note = note::parse(&text).unwrap();
    let verifiers: Vec<Verifier> = keys.iter().map(verifier).collect();
    assert_eq!(note.verify(&verifiers).unwrap().len(), 3);
    for one in &verifiers {
        assert_eq!(note.verify(std::slice::from_ref(one)).unwrap(), [one]);
        assert_eq!(&Verifier::parse(&one.to_string()).unwrap(), one);
    }
    assert_eq!(note.verify(&[verifier(&key(Algorithm::Ed25519, 4))]).unwrap_err(), NoteError::Nobody);
}

#[test]
fn a_known_keys_signature_that_does_not_fit_spoils_the_note() {
    let (good, bad) = (key(Algorithm::Ed25519, 1), key(Algorithm::Sm2, 2));
    let text = note::sign(TEXT, NAME, &[&good, &bad]).unwrap();
    let other = text.replacen("\n3\n", "\n4\n", 1);
    let note = note::parse(&other).unwrap();
    assert!(matches!(note.verify(&[verifier(&good), verifier(&bad)]).unwrap_err(), NoteError::Wrong(_)));
}

#[test]
fn what_is_no_note_is_refused_with_the_reason() {
    let good = note::sign(TEXT, NAME, &[&key(Algorithm::Ed25519, 1)]).unwrap();
    let bad = [
        String::new(),
        "text only\n".to_owned(),
        "text\n\n".to_owned(),
        "text\n\nnot a signature\n".to_owned(),
        good.trim_end().to_owned(),
        good.replace('\n', "\r\n"),
        good.replacen("— ", "- ", 1),
        format!("{good}— name AAAA\n"),
        format!("{}\n\n{}", "a\n".repeat(40_000), "— n AAAAAAAA\n"),
        format!("{TEXT}\n{}", "— n AAAAAAAA\n".repeat(65)),
    ];
    for text in bad {
        assert!(matches!(note::parse(&text), Err(NoteError::Form(_))), "{text:?}");
    }
    let signer = key(Algorithm::Ed25519, 1);
    for text in ["no newline", "a\n\nb\n", "a\tb\n"] {
        assert!(note::sign(text, NAME, &[&signer]).is_err(), "{text:?}");
    }
    for name in ["", "a b", "a+b", "a\u{3000}b"] {
        assert!(note::sign(TEXT, name, &[&signer]).is_err(), "{name:?}");
    }
    for key in
        ["", "a", "a+b", "a+530d903a+????", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"]
    {
        assert!(Verifier::parse(key).is_err(), "{key}");
    }
}

fn published(key: &SoftwareKey, by: &[&SoftwareKey]) -> Published {
    let verifier = verifier(key);
    Published {
        algorithm: key.public().algorithm(),
        pem: key.public().to_pem().unwrap(),
        since: "2026-01-01T00:00:00Z".into(),
        until: None,
        vouched: by.iter().map(|earlier| ring::vouch(*earlier, NAME, &verifier).unwrap()).collect(),
        verifier: verifier.to_string(),
    }
}

#[test]
fn whoever_knows_the_first_key_believes_the_third_through_the_second() {
    let keys: Vec<SoftwareKey> = (1..=4).map(|seed| key(Algorithm::Ed25519, seed)).collect();
    let ring = Ring {
        origin: NAME.into(),
        keys: vec![
            published(&keys[0], &[]),
            published(&keys[1], &[&keys[0]]),
            published(&keys[2], &[&keys[1]]),
            published(&keys[3], &[]),
        ],
    };
    let ring: Ring = serde_json::from_str(&serde_json::to_string(&ring).unwrap()).unwrap();
    let believed = ring.believed(&[verifier(&keys[0])]).unwrap();
    assert_eq!(believed, keys[..3].iter().map(verifier).collect::<Vec<_>>());
    assert_eq!(ring.believed(&[verifier(&keys[2])]).unwrap(), [verifier(&keys[2])]);
}

#[test]
fn a_voucher_for_one_key_is_none_for_another() {
    let keys: Vec<SoftwareKey> = (1..=3).map(|seed| key(Algorithm::Sm2, seed)).collect();
    let mut forged = published(&keys[2], &[]);
    forged.vouched = published(&keys[1], &[&keys[0]]).vouched;
    let ring = Ring { origin: NAME.into(), keys: vec![published(&keys[0], &[]), forged] };
    assert_eq!(ring.believed(&[verifier(&keys[0])]).unwrap(), [verifier(&keys[0])]);
}

proptest! {
    #[test]
    fn no_text_read_as_a_note_breaks_anything(text in "[ -~—\n]{0,300}") {
        if let Ok(note) = note::parse(&text) {
            let _ = note.verify(&[verifier(&key(Algorithm::Ed25519, 1))]);
        }
        let _ = Verifier::parse(&text);
        let _ = serde_json::from_str::<Ring>(&text);
    }
}
