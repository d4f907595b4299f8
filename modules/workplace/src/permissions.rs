//! Who may do what here.

use jinmen_core::{Permission, Reach, Role};

/// Reading the portal, searching, signing in.
pub const PORTAL: Permission = Permission::public("work.portal.read");
/// Coming in and going out: for people, never for programs with a token.
pub const SIGN_IN: Permission = Permission::public("work.sign_in").for_people();
/// What opens one's own account: its tokens, its second factor, the hat of a session.
pub const OWN_ACCESS: Permission = Permission::signed_in("work.own.access").for_people();
/// One's own workplace: tasks, inbox, account, drafts, jobs.
pub const WORK: Permission = Permission::signed_in("work.own");
/// Seeing accounts and their roles.
pub const ACCOUNTS: Permission =
    Permission::roles("work.account.read", &[(Role::SystemAdmin, Reach::All), (Role::SecurityAdmin, Reach::All)]);
/// Opening accounts, inviting, stopping them.
pub const ACCOUNT_EDIT: Permission =
    Permission::roles("work.account.edit", &[(Role::SystemAdmin, Reach::All)]).for_people();
/// Giving roles and taking them back.
pub const ROLES: Permission =
    Permission::roles("work.role.edit", &[(Role::SystemAdmin, Reach::All), (Role::SecurityAdmin, Reach::All)])
        .for_people();
/// What the instance says of itself.
pub const SETTINGS: Permission = Permission::roles("work.settings.edit", &[(Role::SystemAdmin, Reach::All)]);
/// Which kinds of decision take two people.
pub const DECISIONS: Permission =
    Permission::roles("work.decisions.edit", &[(Role::SecurityAdmin, Reach::All), (Role::SystemAdmin, Reach::All)]);
/// How people prove who they are.
pub const SECURITY: Permission =
    Permission::roles("work.security.edit", &[(Role::SecurityAdmin, Reach::All), (Role::SystemAdmin, Reach::All)])
        .for_people();
/// The queue of jobs.
pub const QUEUE: Permission = Permission::roles("work.queue.edit", &[(Role::SystemAdmin, Reach::All)]);
/// Reading and exporting the record of what was done.
pub const RECORD: Permission = Permission::roles("work.record.read", &[(Role::AuditAdmin, Reach::All)]);

/// All of them.
pub const ALL: [&Permission; 12] = [
    &PORTAL,
    &SIGN_IN,
    &WORK,
    &OWN_ACCESS,
    &ACCOUNTS,
    &ACCOUNT_EDIT,
    &ROLES,
    &SETTINGS,
    &DECISIONS,
    &SECURITY,
    &QUEUE,
    &RECORD,
];
