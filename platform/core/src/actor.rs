//! Who does something: nobody signed in, the system itself, or a person under one of their hats.

use crate::{AccountId, Error, GrantId, Locale, OrganizationId, Permission, PersonId, Reach, Result, Role, Scope};

/// A role as it is worn: for whom one acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hat {
    /// The grant behind it.
    pub grant: GrantId,
    /// The role.
    pub role: Role,
    /// The organisation for which the role is held; `None` for the instance or for oneself.
    pub organization: Option<OrganizationId>,
}

/// A person who signed in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// The person behind the account, once known.
    pub person: Option<PersonId>,
    /// The account's own name for display.
    pub name: String,
    /// Preferred language.
    pub locale: Option<Locale>,
    /// All hats in force today.
    pub hats: Vec<Hat>,
    /// The hat worn now; `None` if the person has none.
    pub hat: Option<Hat>,
}

/// Who does something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Actor {
    /// A visitor.
    Nobody,
    /// The program itself: a job, the command line, the demonstration's maker. Named for the record.
    System(&'static str),
    /// A person.
    Person(Box<SignedIn>),
}

impl Actor {
    /// The person who signed in, or the error that asks for it.
    pub fn signed_in(&self) -> Result<&SignedIn> {
        match self {
            Self::Person(person) => Ok(person),
            _ => Err(Error::SignIn),
        }
    }

    /// The account, if a person acts.
    pub fn account(&self) -> Option<AccountId> {
        self.signed_in().ok().map(|person| person.account)
    }

    /// The person, if known.
    pub fn person(&self) -> Option<PersonId> {
        self.signed_in().ok().and_then(|person| person.person)
    }

    /// The hat worn now.
    pub fn hat(&self) -> Option<&Hat> {
        self.signed_in().ok().and_then(|person| person.hat.as_ref())
    }

    /// The organisation one acts for now.
    pub fn organization(&self) -> Option<OrganizationId> {
        self.hat().and_then(|hat| hat.organization)
    }

    /// Whether the actor wears this role now.
    pub fn is(&self, role: Role) -> bool {
        self.hat().is_some_and(|hat| hat.role == role)
    }

    /// How far this actor reaches with a permission, in the hat worn now. Lists turn this into a
    /// filter. `None`: not at all.
    pub fn reach(&self, permission: &Permission) -> Option<Reach> {
        match self {
            Self::System(_) => Some(Reach::All),
            Self::Nobody => permission.public.then_some(Reach::All),
            Self::Person(person) => {
                let open = permission.public || permission.signed_in;
                let worn = person.hat.as_ref().and_then(|hat| permission.reach_of(hat.role));
                if open { Some(Reach::All) } else { worn }
            }
        }
    }

    /// Whether the actor may do this at all, to something. Route guards ask this.
    pub fn may_somewhere(&self, permission: &Permission) -> Result<()> {
        match self.reach(permission) {
            Some(_) => Ok(()),
            None => Err(self.refusal()),
        }
    }

    /// The first line of every use case: whether the actor may do this to that. What one may not
    /// do to a thing is answered as if the thing were not there.
    pub fn may(&self, permission: &Permission, scope: &Scope) -> Result<()> {
        let reach = self.reach(permission).ok_or_else(|| self.refusal())?;
        let organization = self.organization();
        let allowed = match reach {
            Reach::All => true,
            Reach::Owned => organization.is_some_and(|own| scope.owners.contains(&own)),
            Reach::Subject => organization.is_some() && organization == scope.subject,
            Reach::Own => self.person().is_some() && self.person() == scope.person,
        };
        if allowed { Ok(()) } else { Err(self.refusal()) }
    }

    fn refusal(&self) -> Error {
        match self {
            Self::Nobody => Error::SignIn,
            _ => Error::NotFound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDIT: Permission = Permission::roles(
        "test.edit",
        &[(Role::Secretariat, Reach::Owned), (Role::EnterpriseAdmin, Reach::Subject), (Role::Talent, Reach::Own)],
    );

    fn person(role: Role, organization: Option<OrganizationId>) -> Actor {
        let hat = Hat { grant: GrantId::new(), role, organization };
        Actor::Person(Box::new(SignedIn {
            account: AccountId::new(),
            person: Some(PersonId::new()),
            name: "test".into(),
            locale: None,
            hats: vec![hat.clone()],
            hat: Some(hat),
        }))
    }

    #[test]
    fn a_secretariat_reaches_what_its_alliance_owns_and_no_further() {
        let (own, other) = (OrganizationId::new(), OrganizationId::new());
        let actor = person(Role::Secretariat, Some(own));
        assert!(actor.may(&EDIT, &Scope::owned_by(own)).is_ok());
        assert!(matches!(actor.may(&EDIT, &Scope::owned_by(other)), Err(Error::NotFound)));
        assert!(matches!(actor.may(&EDIT, &Scope::instance()), Err(Error::NotFound)));
    }

    #[test]
    fn an_enterprise_reaches_its_own_file_only() {
        let (own, other) = (OrganizationId::new(), OrganizationId::new());
        let actor = person(Role::EnterpriseAdmin, Some(own));
        assert!(actor.may(&EDIT, &Scope::about(own, vec![other])).is_ok());
        assert!(actor.may(&EDIT, &Scope::about(other, vec![own])).is_err());
        assert!(person(Role::EnterpriseAdmin, None).may(&EDIT, &Scope::instance()).is_err());
    }

    #[test]
    fn a_person_reaches_their_own_profile_only() {
        let actor = person(Role::Talent, None);
        let own = Scope { person: actor.person(), ..Scope::default() };
        let other = Scope { person: Some(PersonId::new()), ..Scope::default() };
        assert!(actor.may(&EDIT, &own).is_ok());
        assert!(actor.may(&EDIT, &other).is_err());
    }

    #[test]
    fn a_visitor_is_asked_to_sign_in() {
        assert!(matches!(Actor::Nobody.may(&EDIT, &Scope::instance()), Err(Error::SignIn)));
        assert!(Actor::Nobody.may(&Permission::public("x"), &Scope::instance()).is_ok());
        assert!(Actor::Nobody.may(&Permission::signed_in("x"), &Scope::instance()).is_err());
    }
}
