// Replays what is stored for a target: shared by the tests that replay the corpus without a fuzzer.

fn each(folder: &str, target: fn(&[u8])) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(folder);
    let mut count = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        target(&std::fs::read(file.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count >= 4, "{} inputs in {}", count, folder.display());
}
