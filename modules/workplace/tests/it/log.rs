//! The record as others check it, over HTTP: what everybody gets, and what only those who may read it.

use jinmen_core::Role;
use serde_json::Value;

use crate::{client, each_site, plain};

#[tokio::test]
async fn everybody_gets_the_proof_and_only_the_auditor_and_whoever_acted_the_entry() {
    each_site(plain, async |site| {
        site.account("root", "管理员", &[(Role::SystemAdmin, None)]).await;
        site.account("audit", "审计员", &[(Role::AuditAdmin, None)]).await;
        let mut root = client(&site);
        root.sign_in("root").await;
        let sequencer = record::Sequencer::open(
            site.app.db.clone(),
            site.app.clock.clone(),
            site.app.vault.wrapping_key(),
            "jinmen.example.cn/record",
        );
        sequencer.await.unwrap().catch_up().await.unwrap();
        let (size, _) = record::progress(&site.app.db).await.unwrap();
        let page = record::list(&site.app.db, &record::Filter::default(), &Default::default()).await.unwrap();
        let own = page.items.iter().find(|entry| entry.actor.name == "管理员").and_then(|entry| entry.number).unwrap();
        let path = format!("/record/proof/{own}");
        let shown = |reply: &crate::client::Reply| {
            let proof: Value = serde_json::from_str(&reply.body).unwrap();
            assert!(record::proof::verify(&serde_json::from_value(proof.clone()).unwrap(), &Default::default()).valid);
            proof["entry"].is_object()
        };
        let mut nobody = client(&site);
        assert!(!shown(nobody.get(&path).await.is(200)));
        assert!(shown(root.get(&path).await.is(200)));
        let mut audit = client(&site);
        audit.sign_in("audit").await;
        assert!(shown(audit.get(&path).await.is(200)));
        let other = (0..size).find(|number| {
            Some(*number) != u64::try_from(own).ok()
                && page
                    .items
                    .iter()
                    .any(|entry| entry.number == i64::try_from(*number).ok() && entry.actor.name != "管理员")
        });
        if let Some(other) = other {
            assert!(!shown(root.get(&format!("/record/proof/{other}")).await.is(200)), "somebody else's entry");
        }
        for missing in [
            format!("/record/proof/{size}"),
            "/record/proof/-1".into(),
            "/record/proof/x".into(),
            "/record/tile/0/001".into(),
            "/record/tile/".into(),
            "/record/tile/0/000.p/0".into(),
        ] {
            let status = nobody.get(&missing).await.status.as_u16();
            assert!((400..500).contains(&status), "{missing}: {status}");
        }
        nobody.get("/record/proof/0?from=1000000").await.is(422);
        nobody.get("/record/proof/0?from=x").await.is(422);
        audit.get("/work/record").await.is(200).shows(&path);
    })
    .await;
}
