#[test]
fn both_languages_have_the_same_texts_with_the_same_variables() {
    ui::catalog::check_sources(&[calls::MESSAGES]).unwrap();
}

#[test]
fn every_fault_and_every_action_has_words() {
    let source = calls::MESSAGES.zh;
    let code =
        std::process::Command::new("grep").args(["-rhoE", "\"calls\\.[a-z_]+(\\.[a-z_]+)*\"", "src"]).output().unwrap();
    let permissions: Vec<&str> = calls::permissions::ALL.iter().map(|permission| permission.code).collect();
    let others = [
        "calls.answer",
        "calls.case",
        "calls.submission",
        "calls.objector",
        "calls.notice_line",
        "calls.account",
        "calls.auto_grant",
        "calls.auto_grant_messages",
    ];
    let mut missing = Vec::new();
    for line in String::from_utf8(code.stdout).unwrap().lines() {
        let word = line.trim_matches('"');
        if permissions.contains(&word) || others.contains(&word) {
            continue;
        }
        let key = word.replace(['.', '_'], "-");
        let there =
            ["fault-", "record-", "task-", "notice-"].iter().any(|kind| source.contains(&format!("\n{kind}{key} =")));
        if !there {
            missing.push(word.to_owned());
        }
    }
    assert!(missing.is_empty(), "no words for {missing:?}");
}

#[test]
fn every_text_that_pages_ask_for_is_there() {
    let source = calls::MESSAGES.zh;
    let code = std::process::Command::new("grep")
        .args(["-rhoE", "\"calls-[a-z0-9-]+[a-z0-9]\"", "src", "templates"])
        .output()
        .unwrap();
    let text = String::from_utf8(code.stdout).unwrap();
    let missing: Vec<&str> =
        text.lines().map(|line| line.trim_matches('"')).filter(|key| !source.contains(&format!("\n{key} ="))).collect();
    assert!(missing.is_empty(), "no text for {missing:?}");
}

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let sets = module::testing::migrations(&[registry::module(), payments::module(), calls::module()]);
    store::testing::assert_same_schema(&sets).await;
}
