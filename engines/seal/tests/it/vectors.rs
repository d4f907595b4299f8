//! The worked examples of GB/T 32905, 32907 and 32918, and of RFC 8032 and RFC 6979.

use std::collections::HashMap;

use seal::{Algorithm, PublicKey, Signer, SoftwareKey, sm3, sm4};

pub fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// r and s as DER.
pub fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| {
        let mut number = number.to_vec();
        if number[0] >= 0x80 {
            number.insert(0, 0);
        }
        [&[2, u8::try_from(number.len()).unwrap()], number.as_slice()].concat()
    };
    let both = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(both.len()).unwrap()], both.as_slice()].concat()
}

#[test]
fn the_worked_examples_of_the_standards_come_out() {
    let table = include_str!("data/vectors.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: HashMap<String, (String, String)> = reader
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[0].to_owned(), (row[1].to_owned(), row[2].to_owned())))
        .collect();
    let expect = |kind: &str| bytes(&rows[kind].1);

    assert_eq!(sm3(rows["sm3"].0.as_bytes()).to_vec(), expect("sm3"));

    let (key, text) = rows["sm4_ecb_nopad"].0.split_once(" pt=").unwrap();
    let key: [u8; 16] = bytes(key.strip_prefix("key=").unwrap()).try_into().unwrap();
    assert_eq!(sm4::block(&key, &bytes(text).try_into().unwrap()).to_vec(), expect("sm4_ecb_nopad"));

    let secret: [u8; 32] = expect("sm2_priv").try_into().unwrap();
    let signer = SoftwareKey::new(Algorithm::Sm2, &secret).unwrap();
    assert_eq!(signer.public().bytes(), expect("sm2_pub"));
    let message = rows["sm2_e"].0.strip_prefix("msg=").unwrap().as_bytes();
    let signature = der(&expect("sm2_r"), &expect("sm2_s"));
    signer.public().verify(message, &signature).unwrap();
    assert!(signer.public().verify(b"message digesu", &signature).is_err());
}

#[test]
fn ed25519_signs_as_rfc_8032_says() {
    // RFC 8032, 7.1, test 2.
    let secret = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").try_into().unwrap();
    let signer = SoftwareKey::new(Algorithm::Ed25519, &secret).unwrap();
    assert_eq!(signer.public().bytes(), bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    let signature = bytes(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    );
    assert_eq!(signer.sign(&[0x72]).unwrap(), signature);
}

#[test]
fn ecdsa_signs_as_rfc_6979_says() {
    // RFC 6979, A.2.5, SHA-256 over "sample".
    let secret = bytes("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721").try_into().unwrap();
    let signer = SoftwareKey::new(Algorithm::EcdsaP256, &secret).unwrap();
    let r = bytes("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716");
    let s = bytes("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    assert_eq!(signer.sign(b"sample").unwrap(), der(&r, &s));
}

#[test]
fn a_key_of_one_kind_checks_nothing_of_another() {
    for algorithm in Algorithm::ALL {
        let signature = SoftwareKey::new(algorithm, &[9; 32]).unwrap().sign(b"text").unwrap();
        for other in Algorithm::ALL {
            let public = SoftwareKey::new(other, &[9; 32]).unwrap().public().clone();
            assert_eq!(public.verify(b"text", &signature).is_ok(), algorithm == other, "{algorithm:?} by {other:?}");
        }
    }
}

#[test]
fn what_is_no_point_on_the_curve_is_no_key() {
    for algorithm in Algorithm::ALL {
        for bytes in [&[][..], &[4; 65], &[0; 32], &[0xff; 32], &[4; 64]] {
            assert!(PublicKey::new(algorithm, bytes).is_err(), "{algorithm:?} {bytes:?}");
        }
    }
    assert!(SoftwareKey::new(Algorithm::Sm2, &[0; 32]).is_err());
    assert!(SoftwareKey::new(Algorithm::EcdsaP256, &[0xff; 32]).is_err());
}
