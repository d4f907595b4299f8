//! Keys in PEM, and at rest.

use proptest::prelude::*;
use seal::{Algorithm, PublicKey, Signer, SoftwareKey, Suite, WrapError, unwrap_key, wrap_key};

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(Algorithm::ALL.to_vec())
}

fn suite() -> impl Strategy<Value = Suite> {
    prop::sample::select(vec![Suite::Aes256Gcm, Suite::Sm4Gcm])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_public_key_reads_back_from_its_pem(algorithm in algorithm(), secret in any::<[u8; 32]>()) {
        let key = SoftwareKey::new(algorithm, &secret).unwrap();
        let pem = key.public().to_pem().unwrap();
        prop_assert_eq!(&PublicKey::from_pem(&pem).unwrap(), key.public());
        prop_assert_eq!(&PublicKey::new(algorithm, key.public().bytes()).unwrap(), key.public());
        prop_assert_eq!(*key.secret(), secret);
    }

    #[test]
    fn an_altered_signature_or_message_does_not_fit(
        algorithm in algorithm(), message in prop::collection::vec(any::<u8>(), 1..64), at in any::<usize>(), flip in 1_u8..=255,
    ) {
        let key = SoftwareKey::new(algorithm, &[5; 32]).unwrap();
        let signature = key.sign(&message).unwrap();
        prop_assert!(key.public().verify(&message, &signature).is_ok());
        let mut other = signature.clone();
        let place = at % other.len();
        other[place] ^= flip;
        prop_assert!(key.public().verify(&message, &other).is_err());
        let mut changed = message.clone();
        let place = at % changed.len();
        changed[place] ^= flip;
        prop_assert!(key.public().verify(&changed, &signature).is_err());
    }

    #[test]
    fn a_wrapped_key_opens_under_its_key_for_its_purpose_only(
        suite in suite(), secret in prop::collection::vec(any::<u8>(), 0..64), at in any::<usize>(), flip in 1_u8..=255,
    ) {
        let wrapped = wrap_key(suite, &[1; 32], [2; 12], "record", &secret).unwrap();
        prop_assert_eq!(&*unwrap_key(&[1; 32], "record", &wrapped).unwrap(), &secret);
        prop_assert_eq!(unwrap_key(&[3; 32], "record", &wrapped).unwrap_err(), WrapError::Open);
        prop_assert_eq!(unwrap_key(&[1; 32], "certificate", &wrapped).unwrap_err(), WrapError::Open);
        let mut other = wrapped.clone();
        let place = at % other.len();
        other[place] ^= flip;
        prop_assert!(unwrap_key(&[1; 32], "record", &other).is_err());
        prop_assert!(unwrap_key(&[1; 32], "record", &wrapped[..at % wrapped.len()]).is_err());
    }

    #[test]
    fn no_text_read_as_a_key_breaks_anything(text in ".{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let _ = PublicKey::from_pem(&text);
        let _ = SoftwareKey::from_pem(&text);
        let _ = unwrap_key(&[1; 32], "x", &bytes);
        for algorithm in Algorithm::ALL {
            let _ = PublicKey::new(algorithm, &bytes);
            let key = SoftwareKey::new(algorithm, &[5; 32]).unwrap();
            prop_assert!(key.public().verify(b"x", &bytes).is_err());
        }
    }
}
