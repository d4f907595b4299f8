#[test]
fn both_languages_have_the_same_texts_with_the_same_variables() {
    ui::catalog::check_sources(&[payments::MESSAGES]).unwrap();
}

#[test]
fn every_fault_and_every_action_has_words() {
    let source = payments::MESSAGES.zh;
    let code = std::process::Command::new("grep")
        .args(["-rhoE", "\"payments\\.[a-z_]+(\\.[a-z_]+)*\"", "src"])
        .output()
        .unwrap();
    let permissions: Vec<&str> = payments::permissions::ALL.iter().map(|permission| permission.code).collect();
    let mut missing = Vec::new();
    for line in String::from_utf8(code.stdout).unwrap().lines() {
        let word = line.trim_matches('"');
        if permissions.contains(&word) {
            continue;
        }
        let key = word.replace(['.', '_'], "-");
        let there = ["fault-", "record-", "task-"].iter().any(|kind| source.contains(&format!("\n{kind}{key} =")));
        if !there {
            missing.push(word.to_owned());
        }
    }
    assert!(missing.is_empty(), "no words for {missing:?}");
}

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let sets = module::testing::migrations(&[registry::module(), payments::module()]);
    store::testing::assert_same_schema(&sets).await;
}
