//! Attachments through their public face, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::Path;
use std::sync::Arc;

use files::{FileId, Files, Folder, MIGRATIONS};
use futures::StreamExt;
use futures::stream;
use jinmen_core::{Actor, Error, Instant, Object, OrganizationId};
use store::testing::{assert_same_schema, each_db};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;

fn files() -> (TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::new(Arc::new(Folder::new(folder.path()).unwrap()));
    (folder, files)
}

/// Every file below a folder.
fn count(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}

#[tokio::test]
async fn the_same_bytes_are_stored_once() {
    let (folder, files) = files();
    let first = files.blobs().put_bytes("数聚河西".as_bytes()).await.unwrap();
    let second = files.blobs().put_bytes("数聚河西".as_bytes()).await.unwrap();
    let other = files.blobs().put_bytes(b"").await.unwrap();
    assert_eq!(first, second);
    assert_eq!(first.size, 12);
    assert_eq!(other.digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(count(folder.path()), 2);
}

#[tokio::test]
async fn bytes_come_back_as_they_went_in_chunk_by_chunk() {
    let (_folder, files) = files();
    let chunks: Vec<Vec<u8>> = (0..300_u32).map(|n| vec![n as u8; n as usize]).collect();
    let whole = chunks.concat();
    let stored = files.blobs().put(stream::iter(chunks.into_iter().map(Ok)).boxed(), whole.len() as u64).await.unwrap();
    assert_eq!(stored.size, whole.len() as i64);
    assert_eq!(stored.head, whole[..512]);
    let mut back = Vec::new();
    files.blobs().open(&stored.digest).await.unwrap().read_to_end(&mut back).await.unwrap();
    assert_eq!(back, whole);
}

#[tokio::test]
async fn what_is_too_long_or_breaks_off_leaves_nothing() {
    let (folder, files) = files();
    let chunk = || Ok(vec![7; 40]);
    let long = files.blobs().put(stream::iter([chunk(), chunk(), chunk()]).boxed(), 119).await;
    assert!(matches!(long, Err(Error::TooLarge(119))));
    let broken = stream::iter([chunk(), Err(std::io::Error::other("connection lost"))]);
    assert!(files.blobs().put(broken.boxed(), 1_000).await.is_err());
    assert_eq!(count(folder.path()), 0);
    let fits = files.blobs().put(stream::iter([chunk(), chunk(), chunk()]).boxed(), 120).await;
    assert_eq!(fits.unwrap().size, 120);
}

#[tokio::test]
async fn a_digest_that_is_missing_or_none_opens_nothing() {
    let (folder, files) = files();
    std::fs::write(folder.path().join("secret"), "x").unwrap();
    for digest in [
        "",
        "../secret",
        "secret",
        &"a".repeat(64),
        &"A".repeat(64),
        &format!("../{}", "a".repeat(61)),
        &"a".repeat(65),
    ] {
        assert!(matches!(files.blobs().open(digest).await, Err(Error::NotFound)), "{digest}");
    }
    files.blobs().remove(&"a".repeat(64)).await.unwrap();
    assert!(files.blobs().remove("../secret").await.is_err());
    let stored = files.blobs().put_bytes(b"x").await.unwrap();
    files.blobs().remove(&stored.digest).await.unwrap();
    assert!(matches!(files.blobs().open(&stored.digest).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn an_attachment_hangs_on_its_object_until_it_is_taken_off() {
    let (_folder, files) = files();
    each_db(&[MIGRATIONS], async |db| {
        let object = Object::from(OrganizationId::new());
        let stored = files.blobs().put_bytes(b"%PDF-1.7 x").await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let mut attached = Vec::new();
        for name in ["营业执照.pdf", "../../copy.pdf"] {
            let file = files
                .attach(&mut tx, &Actor::Nobody, Instant(5), object.clone(), "license", name, &stored)
                .await
                .unwrap();
            attached.push(file);
        }
        let nameless =
            files.attach(&mut tx, &Actor::Nobody, Instant(5), object.clone(), "license", "..", &stored).await;
        assert!(matches!(nameless, Err(Error::Invalid(faults)) if faults[0].code == "files.name"));
        tx.commit().await.unwrap();
        let listed = files.of(&db, &object).await.unwrap();
        assert_eq!(listed, attached);
        let names: Vec<_> = listed.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["营业执照.pdf", "copy.pdf"]);
        assert_eq!(listed[0].media_type, "application/pdf");
        assert_eq!(files.bytes(&listed[0], 10).await.unwrap(), b"%PDF-1.7 x");
        assert!(matches!(files.bytes(&listed[0], 9).await, Err(Error::TooLarge(9))));
        assert!(files.of(&db, &Object::from(OrganizationId::new())).await.unwrap().is_empty());

        let mut tx = db.begin().await.unwrap();
        files.detach(&mut tx, listed[0].id, Instant(6)).await.unwrap();
        assert!(matches!(files.detach(&mut tx, listed[0].id, Instant(6)).await, Err(Error::NotFound)));
        tx.commit().await.unwrap();
        assert!(matches!(files.get(&db, listed[0].id).await, Err(Error::NotFound)));
        assert!(matches!(files.get(&db, FileId::new()).await, Err(Error::NotFound)));
        assert_eq!(files.of(&db, &object).await.unwrap().len(), 1);
        assert_eq!(files.bytes(&listed[1], 10).await.unwrap().len(), 10, "the other still has the bytes");
    })
    .await;
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    assert_same_schema(&[MIGRATIONS]).await;
}
