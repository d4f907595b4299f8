//! Who may do what with circulars.

use jinmen_core::{Matter, Permission, Reach, Role};

/// Sending circulars, reminding, closing.
pub const SEND: Permission = Permission::roles("notices.send", &[(Role::Secretariat, Reach::Owned)]);

/// Seeing who has read and answered what.
pub const READ: Permission =
    Permission::roles("notices.read", &[(Role::Secretariat, Reach::Owned), (Role::Supervisor, Reach::Owned)]);

/// Reading what was sent to one's own organisation.
pub const OWN: Permission = Permission::roles(
    "notices.own",
    &[(Role::EnterpriseAdmin, Reach::Subject), (Role::EnterpriseHandler, Reach::Subject)],
);

/// Answering for one's own organisation.
pub const ANSWER: Permission = Permission::roles(
    "notices.answer",
    &[(Role::EnterpriseAdmin, Reach::Subject), (Role::EnterpriseHandler, Reach::Subject)],
)
.on(Matter::Reply);

/// Robots of the office's group chats.
pub const ROBOTS: Permission = Permission::roles("notices.robots", &[(Role::Secretariat, Reach::Owned)]);

/// All of them.
pub const ALL: &[&Permission] = &[&SEND, &READ, &OWN, &ANSWER, &ROBOTS];
