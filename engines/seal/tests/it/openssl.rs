//! Both ways with `openssl`: what it makes is read here, what is made here it reads.

use std::path::{Path, PathBuf};
use std::process::Command;

use seal::{Algorithm, PublicKey, Signer, SoftwareKey, sm3, sm4};

const TEXT: &str = "津门协同创新联盟：第一条记录。";

struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn run(&self, words: &[&str]) -> (bool, Vec<u8>) {
        let output =
            Command::new("openssl").args(words).current_dir(self.0.path()).output().expect("openssl is installed");
        let said = if output.status.success() { output.stdout } else { [output.stdout, output.stderr].concat() };
        (output.status.success(), said)
    }

    fn get(&self, words: &[&str]) -> Vec<u8> {
        let (good, said) = self.run(words);
        assert!(good, "openssl {words:?}: {}", String::from_utf8_lossy(&said));
        said
    }
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn generate(bench: &Bench, algorithm: Algorithm) {
    let kind: &[&str] = match algorithm {
        Algorithm::Ed25519 => &["-algorithm", "ED25519"],
        Algorithm::EcdsaP256 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        Algorithm::Sm2 => &["-algorithm", "SM2"],
    };
    bench.get(&[&["genpkey"], kind, &["-out", "key.pem"]].concat());
    bench.get(&["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
}

fn sign_words(algorithm: Algorithm) -> Vec<&'static str> {
    match algorithm {
        Algorithm::Ed25519 => {
            vec!["pkeyutl", "-sign", "-rawin", "-inkey", "key.pem", "-in", "text", "-out", "signature"]
        }
        Algorithm::EcdsaP256 => vec!["dgst", "-sha256", "-sign", "key.pem", "-out", "signature", "text"],
        Algorithm::Sm2 => {
            vec!["dgst", "-sm3", "-sign", "key.pem", "-sigopt", "distid:1234567812345678", "-out", "signature", "text"]
        }
    }
}

fn check_words(algorithm: Algorithm) -> Vec<&'static str> {
    match algorithm {
        Algorithm::Ed25519 => vec![
            "pkeyutl",
            "-verify",
            "-rawin",
            "-pubin",
            "-inkey",
            "public.pem",
            "-in",
            "text",
            "-sigfile",
            "signature",
        ],
        Algorithm::EcdsaP256 => vec!["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "text"],
        Algorithm::Sm2 => vec![
            "dgst",
            "-sm3",
            "-verify",
            "public.pem",
            "-sigopt",
            "distid:1234567812345678",
            "-signature",
            "signature",
            "text",
        ],
    }
}

#[test]
fn what_openssl_signs_is_checked_here() {
    for algorithm in Algorithm::ALL {
        let bench = Bench::new();
        bench.put("text", TEXT);
        generate(&bench, algorithm);
        bench.get(&sign_words(algorithm));
        let public = PublicKey::from_pem(&text(&bench.path("public.pem"))).unwrap();
        assert_eq!(public.algorithm(), algorithm);
        let signature = std::fs::read(bench.path("signature")).unwrap();
        public.verify(TEXT.as_bytes(), &signature).unwrap();
        assert!(public.verify(b"another text", &signature).is_err());
    }
}

#[test]
fn what_is_signed_here_openssl_checks() {
    for algorithm in Algorithm::ALL {
        let bench = Bench::new();
        let signer = SoftwareKey::new(algorithm, &[11; 32]).unwrap();
        bench.put("public.pem", signer.public().to_pem().unwrap());
        bench.put("text", TEXT);
        bench.put("signature", signer.sign(TEXT.as_bytes()).unwrap());
        bench.get(&check_words(algorithm));
        bench.put("text", "another text");
        assert!(!bench.run(&check_words(algorithm)).0, "{algorithm:?}");
    }
}

#[test]
fn a_key_that_openssl_made_signs_here_as_it_does_there() {
    for algorithm in Algorithm::ALL {
        let bench = Bench::new();
        bench.put("text", TEXT);
        generate(&bench, algorithm);
        let signer = SoftwareKey::from_pem(&text(&bench.path("key.pem"))).unwrap();
        assert_eq!(signer.public().to_pem().unwrap(), text(&bench.path("public.pem")));
        bench.put("signature", signer.sign(TEXT.as_bytes()).unwrap());
        bench.get(&check_words(algorithm));
    }
}

#[test]
fn sm3_is_that_of_openssl() {
    let bench = Bench::new();
    for length in [0_usize, 1, 55, 56, 63, 64, 65, 1000] {
        let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
        bench.put("text", &bytes);
        assert_eq!(bench.get(&["dgst", "-sm3", "-binary", "text"]), sm3(&bytes));
    }
}

#[test]
fn sm4_goes_both_ways() {
    let bench = Bench::new();
    let (key, first) = ([0x11; 16], [0x22; 16]);
    let words = |way, from, to| {
        [
            "enc",
            "-sm4-cbc",
            way,
            "-K",
            "11111111111111111111111111111111",
            "-iv",
            "22222222222222222222222222222222",
            "-in",
            from,
            "-out",
            to,
        ]
    };
    for length in [0_usize, 1, 15, 16, 17, 1000] {
        let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
        bench.put("ours", sm4::encipher(&key, &first, &bytes));
        bench.get(&words("-d", "ours", "text"));
        assert_eq!(std::fs::read(bench.path("text")).unwrap(), bytes);
        bench.get(&words("-e", "text", "theirs"));
        let theirs = std::fs::read(bench.path("theirs")).unwrap();
        assert_eq!(sm4::decipher(&key, &first, &theirs).unwrap(), bytes);
        assert!(sm4::decipher(&[0; 16], &first, &theirs[..theirs.len() - 1]).is_err());
    }
}
