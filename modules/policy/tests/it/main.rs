//! Policies through the front door, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod calling;
mod desk;
mod enterprise;
mod moving;
mod plans;
mod reach;
mod telling;
mod town;

use store::testing::assert_same_schema;

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let modules = [registry::module(), payments::module(), policy::module()];
    assert_same_schema(&module::testing::migrations(&modules)).await;
}
