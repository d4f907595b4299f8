//! SM4 (GB/T 32907-2016) as others exchange it: CBC with the padding of PKCS #7, what
//! `openssl enc -sm4-cbc` reads and writes.
//!
//! CBC tells nobody whether a text was altered: use it to exchange files with systems that ask for it,
//! and [`crate::wrap_key`] to keep secrets.

use cbc::cipher::{BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit, block_padding::Pkcs7};

/// The text does not end in a padding: another key, another first block, or altered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("this cannot be deciphered: other key, or altered")]
pub struct DecipherError;

/// One block, without a mode: for test vectors.
pub fn block(key: &[u8; 16], text: &[u8; 16]) -> [u8; 16] {
    let mut block = (*text).into();
    ::sm4::Sm4::new(&(*key).into()).encrypt_block(&mut block);
    block.into()
}

/// Enciphers a text.
pub fn encipher(key: &[u8; 16], first: &[u8; 16], text: &[u8]) -> Vec<u8> {
    cbc::Encryptor::<::sm4::Sm4>::new(&(*key).into(), &(*first).into()).encrypt_padded_vec::<Pkcs7>(text)
}

/// Deciphers a text.
pub fn decipher(key: &[u8; 16], first: &[u8; 16], text: &[u8]) -> Result<Vec<u8>, DecipherError> {
    cbc::Decryptor::<::sm4::Sm4>::new(&(*key).into(), &(*first).into())
        .decrypt_padded_vec::<Pkcs7>(text)
        .map_err(|_| DecipherError)
}
