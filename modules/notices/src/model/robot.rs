//! Robots of group chats and what was handed to them.

use jinmen_core::{Instant, OrganizationId, id};
use notify::RobotKind;
use serde::Deserialize;

id!(
    /// A robot of a group chat.
    RobotId
);
id!(
    /// A message handed to a robot.
    DeliveryId
);
store::arg_id!(RobotId, DeliveryId);

/// A robot.
#[derive(Clone, PartialEq, Debug)]
pub struct GroupRobot {
    /// Its identifier.
    pub id: RobotId,
    /// The office whose group it is in.
    pub owner: OrganizationId,
    /// Whose robot it is.
    pub kind: RobotKind,
    /// What the office calls it.
    pub name: String,
    /// The last signs of its address.
    pub hint: String,
    /// Since when.
    pub created_at: Instant,
}

/// A robot as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RobotDraft {
    /// `wecom`, `dingtalk` or `feishu`.
    pub kind: String,
    /// What the office calls it.
    pub name: String,
    /// The address that was copied out of the group's settings.
    pub address: String,
    /// The secret that it signs with.
    pub secret: String,
}

/// How a message stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeliveryState {
    /// It is to be handed over.
    Waiting,
    /// It is in the group.
    Sent,
    /// It was refused, and is not tried again.
    Refused,
    /// It was tried often enough.
    Failed,
}

impl DeliveryState {
    /// The word in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Sent, Self::Refused, Self::Failed].into_iter().find(|state| state.code() == code)
    }
}

/// A message to a robot.
#[derive(Clone, PartialEq, Debug)]
pub struct RobotDelivery {
    /// Its identifier.
    pub id: DeliveryId,
    /// The robot.
    pub robot: RobotId,
    /// Its text.
    pub text: String,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// What was answered last.
    pub answer: String,
    /// Who had it sent.
    pub by: String,
    /// When it was written.
    pub created_at: Instant,
    /// When it was tried last.
    pub tried_at: Option<Instant>,
}
