//! Who may do what with judging.

use jinmen_core::{Permission, Reach, Role};

/// Stages of live finals and results that are out.
pub const PUBLIC: Permission = Permission::public("review.public");

/// The pool of experts, rounds, entries.
pub const READ: Permission = Permission::roles(
    "review.read",
    &[
        (Role::Secretariat, Reach::Owned),
        (Role::ParkOperator, Reach::Owned),
        (Role::DistrictOfficer, Reach::Owned),
        (Role::Supervisor, Reach::Owned),
    ],
);

/// Preparing and running rounds.
pub const WRITE: Permission = Permission::roles(
    "review.write",
    &[(Role::Secretariat, Reach::Owned), (Role::ParkOperator, Reach::Owned), (Role::DistrictOfficer, Reach::Owned)],
);

/// Watching draws, confirming results, seeing how far judges are apart.
pub const SUPERVISE: Permission = Permission::roles("review.supervise", &[(Role::Supervisor, Reach::Owned)]);

/// Taking scores and results out of the instance; each time is recorded.
pub const EXPORT: Permission = Permission::roles(
    "review.export",
    &[
        (Role::Secretariat, Reach::Owned),
        (Role::ParkOperator, Reach::Owned),
        (Role::DistrictOfficer, Reach::Owned),
        (Role::Supervisor, Reach::Owned),
    ],
);

/// Judging what one was given.
pub const JUDGE: Permission = Permission::roles("review.judge", &[(Role::Judge, Reach::Own)]);

/// All of them.
pub const ALL: &[&Permission] = &[&PUBLIC, &READ, &WRITE, &SUPERVISE, &EXPORT, &JUDGE];
