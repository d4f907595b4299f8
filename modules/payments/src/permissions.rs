//! Who may do what with sums that are owed or granted.

use jinmen_core::{Permission, Reach, Role};

/// Keeping the books: owing, recording payments, reversing, cancelling.
pub const KEEP: Permission = Permission::roles(
    "payments.keep",
    &[(Role::Secretariat, Reach::Owned), (Role::ParkOperator, Reach::Owned), (Role::DistrictOfficer, Reach::Owned)],
);

/// Reading the books, and exporting them.
pub const READ: Permission = Permission::roles(
    "payments.read",
    &[
        (Role::Secretariat, Reach::Owned),
        (Role::ParkOperator, Reach::Owned),
        (Role::DistrictOfficer, Reach::Owned),
        (Role::Supervisor, Reach::Owned),
    ],
);

/// Reading what one's own organisation, or oneself, owes and gets.
pub const OWN: Permission = Permission::roles(
    "payments.own",
    &[(Role::EnterpriseAdmin, Reach::Subject), (Role::EnterpriseHandler, Reach::Subject), (Role::Talent, Reach::Own)],
);

/// All of them.
pub const ALL: &[&Permission] = &[&KEEP, &READ, &OWN];
