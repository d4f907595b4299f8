//! Attachments with their entry in the record.

use std::sync::Arc;

use cases::{NewAttachment, attach, detach};
use files::{Files, Folder};
use jinmen_core::{Error, Role};
use store::testing::each_db;

use crate::{NOW, SETS, fault, object, person, recorded};

#[tokio::test]
async fn what_is_attached_and_taken_off_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::new(Arc::new(Folder::new(folder.path()).unwrap()));
    each_db(&SETS, async |db| {
        let (object, actor) = (object(), person(Role::EnterpriseAdmin, None));
        let new = NewAttachment {
            object: object.clone(),
            purpose: "license".into(),
            name: "营业执照.pdf".into(),
            stored: files.blobs().put_bytes(b"%PDF-1.7").await.unwrap(),
        };
        let mut tx = db.begin().await.unwrap();
        let nameless = NewAttachment { name: "/".into(), ..new.clone() };
        assert_eq!(fault(attach(&files, &mut tx, &actor, NOW, nameless).await), "files.name");
        let file = attach(&files, &mut tx, &actor, NOW, new).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(files.of(&db, &object).await.unwrap(), std::slice::from_ref(&file));
        let mut tx = db.begin().await.unwrap();
        assert_eq!(detach(&files, &mut tx, &actor, NOW, file.id).await.unwrap(), file);
        assert!(matches!(detach(&files, &mut tx, &actor, NOW, file.id).await, Err(Error::NotFound)));
        tx.commit().await.unwrap();
        assert!(files.of(&db, &object).await.unwrap().is_empty());
        assert_eq!(recorded(&db, &object).await, ["cases.file.attached", "cases.file.detached"]);
    })
    .await;
}
