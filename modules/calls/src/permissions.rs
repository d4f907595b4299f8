//! Who may do what with calls and applications.

use jinmen_core::{Matter, Permission, Reach, Role};

/// What is out for everybody.
pub const PUBLIC: Permission = Permission::public("calls.public");

/// An office's calls and the applications to them.
pub const READ: Permission = Permission::roles(
    "calls.read",
    &[
        (Role::Secretariat, Reach::Owned),
        (Role::ParkOperator, Reach::Owned),
        (Role::DistrictOfficer, Reach::Owned),
        (Role::Supervisor, Reach::Owned),
    ],
);

/// Writing and publishing calls.
pub const WRITE: Permission = Permission::roles(
    "calls.write",
    &[(Role::Secretariat, Reach::Owned), (Role::ParkOperator, Reach::Owned), (Role::DistrictOfficer, Reach::Owned)],
);

/// Working on applications: steps, corrections, messages, notes.
pub const PROCESS: Permission = Permission::roles(
    "calls.process",
    &[(Role::Secretariat, Reach::Owned), (Role::ParkOperator, Reach::Owned), (Role::DistrictOfficer, Reach::Owned)],
);

/// Taking applications out of the instance; each time is recorded.
pub const EXPORT: Permission = Permission::roles(
    "calls.export",
    &[(Role::Secretariat, Reach::Owned), (Role::ParkOperator, Reach::Owned), (Role::DistrictOfficer, Reach::Owned)],
);

/// Reading one's own applications and those of one's team.
pub const OWN: Permission = Permission::roles(
    "calls.own",
    &[(Role::EnterpriseAdmin, Reach::Subject), (Role::EnterpriseHandler, Reach::Subject), (Role::Talent, Reach::Own)],
);

/// Applying: typing, handing in, withdrawing, for one's organisation or for oneself.
pub const APPLY: Permission = Permission::roles(
    "calls.apply",
    &[(Role::EnterpriseAdmin, Reach::Subject), (Role::EnterpriseHandler, Reach::Subject), (Role::Talent, Reach::Own)],
)
.on(Matter::Apply);

/// Objecting to what a public notice says, by name.
pub const OBJECT: Permission = Permission::signed_in("calls.object").for_people();

/// All of them.
pub const ALL: &[&Permission] = &[&PUBLIC, &READ, &WRITE, &PROCESS, &EXPORT, &OWN, &APPLY, &OBJECT];
