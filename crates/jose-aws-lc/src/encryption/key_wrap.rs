//! AES Key Wrap ([RFC 3394 §2.2](https://www.rfc-editor.org/rfc/rfc3394#section-2.2)).
//!
//! AWS-LC has it, but `aws-lc-rs` offers no keys of 192 bits and expands a key anew for each use. So the few lines that
//! go around the block cipher are here; the test below holds them to AWS-LC's own.

use std::sync::Arc;

use avouch_jose::crypto::{DecryptionFailed, EncryptionFailed, KeyWrap};
use avouch_jose::{AesKeySize, KeyError};
use aws_lc_rs::cipher::{DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext};
use zeroize::{Zeroize as _, Zeroizing};

use super::{WRONG_SIZE, aes};

/// The initial value, which is what shows that a key was unwrapped correctly.
const INITIAL_VALUE: u64 = 0xa6a6_a6a6_a6a6_a6a6;

/// How many times each block is encrypted.
const ROUNDS: u64 = 6;

struct Wrap {
    encrypting: EncryptingKey,
    decrypting: DecryptingKey,
}

pub(super) fn prepare(size: AesKeySize, key: &[u8]) -> Result<Arc<dyn KeyWrap>, KeyError> {
    let encrypting = EncryptingKey::ecb(aes::unbound(size, key)?).map_err(|_| WRONG_SIZE)?;
    let decrypting = DecryptingKey::ecb(aes::unbound(size, key)?).map_err(|_| WRONG_SIZE)?;
    Ok(Arc::new(Wrap { encrypting, decrypting }))
}

impl KeyWrap for Wrap {
    fn wrap(&self, key: &[u8]) -> Result<Vec<u8>, EncryptionFailed> {
        let mut wrapped = [&[0; 8], key].concat();
        let (first, registers) = halves(&mut wrapped).ok_or(EncryptionFailed)?;
        let mut check = INITIAL_VALUE;
        let mut step = 0;
        for _ in 0..ROUNDS {
            for register in registers.iter_mut() {
                step += 1;
                let mut block = join(check, register);
                self.encrypting
                    .less_safe_encrypt(&mut block, EncryptionContext::None)
                    .map_err(|_| EncryptionFailed)?;
                (check, *register) = split(&block);
                check ^= step;
            }
        }
        *first = check.to_be_bytes();
        Ok(wrapped)
    }

    fn unwrap_key(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptionFailed> {
        let mut key = Zeroizing::new(wrapped.to_vec());
        let (first, registers) = halves(&mut key).ok_or(DecryptionFailed)?;
        let mut check = u64::from_be_bytes(*first);
        let mut step = ROUNDS * u64::try_from(registers.len()).map_err(|_| DecryptionFailed)?;
        for _ in 0..ROUNDS {
            for register in registers.iter_mut().rev() {
                let mut block = join(check ^ step, register);
                self.decrypting.decrypt(&mut block, DecryptionContext::None).map_err(|_| DecryptionFailed)?;
                (check, *register) = split(&block);
                block.zeroize();
                step -= 1;
            }
        }
        // one comparison of two numbers, wherever they differ
        if check != INITIAL_VALUE {
            return Err(DecryptionFailed);
        }
        key.drain(..8);
        Ok(key)
    }
}

/// The place of the check value and the blocks of the key, of which there must be two at least.
fn halves(octets: &mut [u8]) -> Option<(&mut [u8; 8], &mut [[u8; 8]])> {
    let (blocks, []) = octets.as_chunks_mut::<8>() else { return None };
    blocks.split_first_mut().filter(|(_, registers)| registers.len() >= 2)
}

fn join(check: u64, register: &[u8; 8]) -> [u8; 16] {
    (u128::from(check) << 64 | u128::from(u64::from_be_bytes(*register))).to_be_bytes()
}

fn split(block: &[u8; 16]) -> (u64, [u8; 8]) {
    let block = u128::from_be_bytes(*block);
    ((block >> 64) as u64, (block as u64).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::key_wrap::{self, AesKek, KeyWrap as _};

    use super::*;

    /// For the sizes it offers, AWS-LC's own wrapping gives the same octets, and each unwraps what the other wrapped.
    #[test]
    fn agrees_with_aws_lc() {
        for (size, theirs) in
            [(AesKeySize::Aes128, &key_wrap::AES_128), (AesKeySize::Aes256, &key_wrap::AES_256)]
        {
            let kek: Vec<u8> = (7..).take(size.key_len()).collect();
            let ours = prepare(size, &kek).unwrap();
            for length in (0..=80).chain([256]) {
                let key: Vec<u8> = (0..length).map(|octet| octet as u8).collect();
                let mut buffer = vec![0; length + 8];
                let expected = AesKek::new(theirs, &kek).unwrap().wrap(&key, &mut buffer);
                let wrapped = ours.wrap(&key);
                assert_eq!(wrapped.as_deref().ok(), expected.as_deref().ok(), "{length} octets");
                if let Ok(wrapped) = wrapped {
                    assert_eq!(ours.unwrap_key(&wrapped).unwrap()[..], key);
                }
                let garbage = vec![0x5a; length];
                assert!(ours.unwrap_key(&garbage).is_err());
            }
        }
    }
}
