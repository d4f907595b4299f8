//! Who may do what with files of subjects.

use jinmen_core::{Matter, Permission, Reach, Role};

/// Reading the public directory.
pub const READ_DIRECTORY: Permission = Permission::public("registry.directory.read");

/// Reading an organisation's file.
pub const READ_ORGANIZATION: Permission = Permission::roles(
    "registry.organization.read",
    &[
        (Role::Secretariat, Reach::Owned),
        (Role::DistrictOfficer, Reach::All),
        (Role::EnterpriseAdmin, Reach::Subject),
        (Role::EnterpriseHandler, Reach::Subject),
    ],
);

/// Reading figures whose owner is the enterprise: tax and statistics.
pub const READ_RESTRICTED: Permission = Permission::roles(
    "registry.fact.read_restricted",
    &[
        (Role::Secretariat, Reach::Owned),
        (Role::EnterpriseAdmin, Reach::Subject),
        (Role::EnterpriseHandler, Reach::Subject),
    ],
);

/// Opening a file for an organisation.
pub const CREATE_ORGANIZATION: Permission =
    Permission::roles("registry.organization.create", &[(Role::Secretariat, Reach::Owned)]);

/// Changing an organisation's file.
pub const EDIT_ORGANIZATION: Permission = Permission::roles(
    "registry.organization.edit",
    &[
        (Role::Secretariat, Reach::Owned),
        (Role::EnterpriseAdmin, Reach::Subject),
        (Role::EnterpriseHandler, Reach::Subject),
    ],
)
.on(Matter::File);

/// Relations, tags and internal comments: the keeper's own view of an organisation.
pub const KEEP_ORGANIZATION: Permission =
    Permission::roles("registry.organization.keep", &[(Role::Secretariat, Reach::Owned)]);

/// Adding facts as verified.
pub const VERIFY_FACT: Permission = Permission::roles(
    "registry.fact.verify",
    &[(Role::Secretariat, Reach::Owned), (Role::DistrictOfficer, Reach::All)],
);

/// Claiming a file, with a letter or without: for whoever is signed in.
pub const CLAIM: Permission = Permission::signed_in("registry.claim.own");

/// Checking claims and sending letters.
pub const CHECK_CLAIM: Permission = Permission::roles("registry.claim.check", &[(Role::Secretariat, Reach::Owned)]);

/// Seeing claims and how they were decided.
pub const READ_CLAIM: Permission =
    Permission::roles("registry.claim.read", &[(Role::Secretariat, Reach::Owned), (Role::Supervisor, Reach::Owned)]);

/// Saying that one saw what a single person decided.
pub const SEE_CLAIM: Permission = Permission::roles("registry.claim.seen", &[(Role::Supervisor, Reach::Owned)]);

/// Joining two files of one person.
pub const MERGE_PERSON: Permission = Permission::roles("registry.person.merge", &[(Role::Secretariat, Reach::Owned)]);

/// Reading the report of the alliance's development.
pub const READ_REPORT: Permission =
    Permission::roles("registry.report.read", &[(Role::Secretariat, Reach::Owned), (Role::Supervisor, Reach::Owned)]);

/// Joining two files of one organisation.
pub const MERGE: Permission = Permission::roles("registry.organization.merge", &[(Role::Secretariat, Reach::Owned)]);

/// Saving a filter of a list under a name, for one's office.
pub const SAVE_VIEW: Permission = Permission::roles(
    "registry.view.save",
    &[(Role::Secretariat, Reach::Owned), (Role::DistrictOfficer, Reach::Owned)],
);

/// Naming those who act for one's own organisation.
pub const NAME_HANDLERS: Permission = Permission::roles(
    "registry.handlers",
    &[(Role::EnterpriseAdmin, Reach::Subject), (Role::Secretariat, Reach::Owned)],
);

/// Taking lists out as files.
pub const EXPORT: Permission =
    Permission::roles("registry.export", &[(Role::Secretariat, Reach::Owned), (Role::DistrictOfficer, Reach::All)]);

/// Importing organisations from tables.
pub const IMPORT: Permission = Permission::roles("registry.import", &[(Role::Secretariat, Reach::Owned)]);

/// Reading a person's file. Everybody may read their own.
pub const READ_PERSON: Permission = Permission::roles(
    "registry.person.read",
    &[(Role::Secretariat, Reach::Owned), (Role::EnterpriseAdmin, Reach::Subject), (Role::Talent, Reach::Own)],
);

/// Opening and changing a person's file.
pub const EDIT_PERSON: Permission =
    Permission::roles("registry.person.edit", &[(Role::Secretariat, Reach::Owned), (Role::Talent, Reach::Own)]);

/// Seeing an identity or telephone number in full; every look is recorded.
pub const REVEAL: Permission = Permission::roles(
    "registry.reveal",
    &[(Role::Secretariat, Reach::Owned), (Role::Talent, Reach::Own), (Role::EnterpriseAdmin, Reach::Subject)],
);

/// Deleting a person's data at their wish.
pub const DELETE_PERSON: Permission = Permission::roles("registry.person.delete", &[(Role::Secretariat, Reach::Owned)]);

/// One's own file, consents and export.
pub const OWN_FILE: Permission = Permission::signed_in("registry.own_file");

/// The fact dictionary and the code lists.
pub const READ_DICTIONARY: Permission = Permission::public("registry.dictionary.read");

/// All of them.
pub const ALL: &[&Permission] = &[
    &READ_DIRECTORY,
    &READ_ORGANIZATION,
    &READ_RESTRICTED,
    &CREATE_ORGANIZATION,
    &EDIT_ORGANIZATION,
    &KEEP_ORGANIZATION,
    &VERIFY_FACT,
    &EXPORT,
    &IMPORT,
    &READ_PERSON,
    &EDIT_PERSON,
    &REVEAL,
    &DELETE_PERSON,
    &OWN_FILE,
    &READ_DICTIONARY,
    &CLAIM,
    &CHECK_CLAIM,
    &READ_CLAIM,
    &SEE_CLAIM,
    &SAVE_VIEW,
    &MERGE,
    &READ_REPORT,
    &MERGE_PERSON,
    &NAME_HANDLERS,
];
