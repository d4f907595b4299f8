//! Checkpoints.

use proptest::prelude::*;
use seal::checkpoint::Checkpoint;

#[test]
fn what_is_no_checkpoint_is_refused() {
    let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let good: Checkpoint = format!("example.com/log\n0\n{root}\n").parse().unwrap();
    assert_eq!(good.root, seal::merkle::empty_root());
    assert!(format!("example.com/log\n0\n{root}\nextension\n").parse::<Checkpoint>().is_ok());
    for bad in [
        String::new(),
        "\n".into(),
        format!("example.com/log\n0\n{root}"),
        format!("example.com/log\n00\n{root}\n"),
        format!("example.com/log\n-1\n{root}\n"),
        format!("example.com/log\n+1\n{root}\n"),
        format!("example.com/log\n18446744073709551616\n{root}\n"),
        format!("\n0\n{root}\n"),
        format!("example.com/log\n0\n{root}\n\n"),
        "example.com/log\n0\nAAAA\n".into(),
        "example.com/log\n0\n".into(),
    ] {
        assert!(bad.parse::<Checkpoint>().is_err(), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn a_checkpoint_reads_back(size in any::<u64>(), root in any::<[u8; 32]>(), origin in "[a-z./]{1,40}") {
        let checkpoint = Checkpoint { origin, size, root };
        prop_assert_eq!(checkpoint.to_string().parse::<Checkpoint>().unwrap(), checkpoint);
    }

    #[test]
    fn no_text_read_as_a_checkpoint_breaks_anything(text in "[ -~\n]{0,200}") {
        let _ = text.parse::<Checkpoint>();
    }
}
