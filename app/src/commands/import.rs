//! `jinmen import`.

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::{ImportOrganizations, ImportUndo};

pub async fn organizations(_flags: ImportOrganizations) -> Result<ExitCode> {
    anyhow::bail!("not built yet")
}

pub async fn undo(_flags: ImportUndo) -> Result<ExitCode> {
    anyhow::bail!("not built yet")
}
