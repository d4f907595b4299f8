//! Who may do what with webhooks.

use jinmen_core::{Permission, Reach, Role};

/// Seeing, adding, pausing and removing webhooks.
pub const MANAGE: Permission = Permission::roles("webhooks.manage", &[(Role::SystemAdmin, Reach::All)]);

/// All of them.
pub const ALL: &[&Permission] = &[&MANAGE];
