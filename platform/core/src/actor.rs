//! Who does something: nobody signed in, the system itself, or a person under one of their hats.

use crate::{
    AccountId, Areas, Error, GrantId, Locale, Matters, OrganizationId, Permission, PersonId, Reach, Result, Role, Scope,
};

/// A role as it is worn: for whom one acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hat {
    /// The grant behind it.
    pub grant: GrantId,
    /// The role.
    pub role: Role,
    /// The organisation for which the role is held; `None` for the instance or for oneself.
    pub organization: Option<OrganizationId>,
    /// The kinds of business that it is given for (经办范围).
    pub matters: Matters,
    /// The person for whom one stands in (代办), if the hat is somebody else's.
    pub deputy_for: Option<PersonId>,
    /// How much of it is worn: a program with a token wears some areas.
    pub areas: Areas,
}

impl Hat {
    /// One's own hat, for every kind of business.
    pub fn new(grant: GrantId, role: Role, organization: Option<OrganizationId>) -> Self {
        Self { grant, role, organization, matters: Matters::ALL, deputy_for: None, areas: Areas::Whole }
    }
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
                let areas = person.hat.as_ref().map_or(&Areas::Whole, |hat| &hat.areas);
                if !areas.cover(permission) {
                    return (permission.public && !permission.in_person).then_some(Reach::All);
                }
                Self::reach_in_person(person, permission)
            }
        }
    }

    /// How far the person would reach, were they here themselves.
    fn reach_in_person(person: &SignedIn, permission: &Permission) -> Option<Reach> {
        if permission.public || permission.signed_in {
            return Some(Reach::All);
        }
        let worn = person.hat.as_ref().filter(|hat| hat.matters.cover(permission));
        worn.and_then(|hat| permission.reach_of(hat.role))
    }

    /// Whether somebody may change things with a permission: a program only in areas that its token may write.
    pub fn may_write(&self, permission: &Permission) -> Result<()> {
        match self.hat() {
            Some(hat) if !hat.areas.may_write(permission) => {
                Err(Error::TokenScope(format!("{}:write", permission.area())))
            }
            _ => Ok(()),
        }
    }

    /// Whether the actor may do this at all, to something. Route guards ask this.
    pub fn may_somewhere(&self, permission: &Permission) -> Result<()> {
        match self.reach(permission) {
            Some(_) => Ok(()),
            None => Err(self.refusal(permission)),
        }
    }

    /// The first line of every use case: whether the actor may do this to that. What one may not
    /// do to a thing is answered as if the thing were not there.
    pub fn may(&self, permission: &Permission, scope: &Scope) -> Result<()> {
        let reach = self.reach(permission).ok_or_else(|| self.refusal(permission))?;
        let organization = self.organization();
        let allowed = match reach {
            Reach::All => true,
            Reach::Owned => organization.is_some_and(|own| scope.owners.contains(&own)),
            Reach::Subject => organization.is_some() && organization == scope.subject,
            Reach::Own => self.person().is_some() && self.person() == scope.person,
        };
        if allowed { Ok(()) } else { Err(self.hidden()) }
    }

    /// What the holder of a token lacks may be named: they know what they could do themselves.
    fn refusal(&self, permission: &Permission) -> Error {
        match self {
            Self::Person(person)
                if !permission.in_person && self.hat().is_some_and(|hat| !hat.areas.cover(permission)) =>
            {
                match Self::reach_in_person(person, permission) {
                    Some(_) => Error::TokenScope(format!("{}:read", permission.area())),
                    None => self.hidden(),
                }
            }
            _ => self.hidden(),
        }
    }

    fn hidden(&self) -> Error {
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
        let hat = Hat::new(GrantId::new(), role, organization);
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
    fn a_handler_does_only_the_business_the_hat_was_given_for() {
        const REPLY: Permission =
            Permission::roles("test.reply", &[(Role::EnterpriseHandler, Reach::Subject)]).on(crate::Matter::Reply);
        const FILE: Permission =
            Permission::roles("test.file", &[(Role::EnterpriseHandler, Reach::Subject)]).on(crate::Matter::File);
        const READ: Permission = Permission::roles("test.read", &[(Role::EnterpriseHandler, Reach::Subject)]);
        let own = OrganizationId::new();
        let mut actor = person(Role::EnterpriseHandler, Some(own));
        let scope = Scope::about(own, Vec::new());
        assert!(actor.may(&FILE, &scope).is_ok(), "a hat without limits");
        if let Actor::Person(person) = &mut actor
            && let Some(hat) = &mut person.hat
        {
            hat.matters = Matters::of([crate::Matter::Reply]);
        }
        assert!(actor.may(&REPLY, &scope).is_ok());
        assert!(actor.may(&READ, &scope).is_ok());
        assert!(actor.may(&FILE, &scope).is_err());
    }

    #[test]
    fn a_token_narrows_a_hat_and_never_widens_it() {
        const READ: Permission = Permission::roles("test.read", &[(Role::Secretariat, Reach::All)]);
        const OTHER: Permission = Permission::roles("other.read", &[(Role::Secretariat, Reach::All)]);
        const FORBIDDEN: Permission = Permission::roles("test.secret", &[(Role::AuditAdmin, Reach::All)]);
        const PASSWORD: Permission = Permission::signed_in("test.password").for_people();
        let mut actor = person(Role::Secretariat, None);
        if let Actor::Person(person) = &mut actor
            && let Some(hat) = &mut person.hat
        {
            hat.areas = Areas::parse("test:read");
        }
        assert!(actor.may_somewhere(&READ).is_ok());
        assert!(matches!(actor.may_write(&READ), Err(Error::TokenScope(scope)) if scope == "test:write"));
        assert!(matches!(actor.may_somewhere(&OTHER), Err(Error::TokenScope(scope)) if scope == "other:read"));
        assert!(matches!(actor.may_somewhere(&FORBIDDEN), Err(Error::NotFound)));
        assert!(actor.may_somewhere(&PASSWORD).is_err());
        assert!(actor.may_somewhere(&Permission::public("other.public")).is_ok());
        assert!(actor.may_somewhere(&Permission::public("other.sign_in").for_people()).is_err());
    }

    #[test]
    fn a_visitor_is_asked_to_sign_in() {
        assert!(matches!(Actor::Nobody.may(&EDIT, &Scope::instance()), Err(Error::SignIn)));
        assert!(Actor::Nobody.may(&Permission::public("x"), &Scope::instance()).is_ok());
        assert!(Actor::Nobody.may(&Permission::signed_in("x"), &Scope::instance()).is_err());
    }
}
