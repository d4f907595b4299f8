//! Who may do what with policies.

use jinmen_core::{Matter, Permission, Reach, Role};

/// The public library.
pub const LIBRARY: Permission = Permission::public("policy.library");

/// Saying something to a draft that the public is asked about.
pub const COMMENT: Permission = Permission::signed_in("policy.comment");

/// The office's policies, drafts among them.
pub const READ: Permission = Permission::roles(
    "policy.read",
    &[
        (Role::DistrictOfficer, Reach::Owned),
        (Role::ParkOperator, Reach::Owned),
        (Role::Secretariat, Reach::Owned),
        (Role::Supervisor, Reach::Owned),
    ],
);

/// Drafting, and the steps of the office.
pub const WRITE: Permission = Permission::roles(
    "policy.write",
    &[(Role::DistrictOfficer, Reach::Owned), (Role::ParkOperator, Reach::Owned), (Role::Secretariat, Reach::Owned)],
);

/// Whom a policy reaches and what it costs.
pub const REACH: Permission = Permission::roles(
    "policy.reach",
    &[(Role::DistrictOfficer, Reach::Owned), (Role::ParkOperator, Reach::Owned), (Role::Secretariat, Reach::Owned)],
);

/// What one's own enterprise is entitled to.
pub const MINE: Permission = Permission::roles(
    "policy.mine",
    &[(Role::EnterpriseAdmin, Reach::Subject), (Role::EnterpriseHandler, Reach::Subject)],
);

/// Answering for one's own enterprise what its file does not hold.
pub const ANSWER: Permission = Permission::roles(
    "policy.answer",
    &[(Role::EnterpriseAdmin, Reach::Subject), (Role::EnterpriseHandler, Reach::Subject)],
)
.on(Matter::File);

/// All of them.
pub const ALL: &[&Permission] = &[&LIBRARY, &COMMENT, &READ, &WRITE, &REACH, &MINE, &ANSWER];
