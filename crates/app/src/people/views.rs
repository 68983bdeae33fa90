//! People and teams as answers name them.

use chrono::NaiveDate;
use qiao_engine::books::Id;
use qiao_engine::definitions::{Definitions, Person};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person, named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonRef {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// How files name the person.
    pub external_id: Option<String>,
}

impl PersonRef {
    /// The person of an id.
    #[must_use]
    pub fn of(definitions: &Definitions, id: Uuid) -> Option<Self> {
        definitions.people.get(&id.as_u128()).map(Self::from)
    }
}

impl From<&Person> for PersonRef {
    fn from(person: &Person) -> Self {
        Self { id: Uuid::from_u128(person.id), name: person.name.clone(), external_id: person.external_id.clone() }
    }
}

/// A team, named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TeamRef {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// `East/Team 3`.
    pub path: String,
}

impl TeamRef {
    /// The team of an id.
    #[must_use]
    pub fn of(definitions: &Definitions, id: Id) -> Option<Self> {
        let team = definitions.teams.get(&id)?;
        Some(Self { id: Uuid::from_u128(id), name: team.name.clone(), path: team.path.clone() })
    }

    /// The team of a person on a day.
    #[must_use]
    pub fn on(definitions: &Definitions, person: Uuid, day: NaiveDate) -> Option<Self> {
        Self::of(definitions, definitions.membership_on(person.as_u128(), day)?.team)
    }
}

/// A person in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonView {
    /// The id.
    pub id: Uuid,
    /// The id as imported.
    pub external_id: Option<String>,
    /// The name.
    pub name: String,
    /// The address.
    pub email: Option<String>,
    /// The team today.
    pub team: Option<TeamRef>,
    /// The role in the team today.
    pub role: Option<String>,
    /// The first day.
    pub start_date: Option<String>,
    /// The last day.
    pub end_date: Option<String>,
    /// False from the day after the last one.
    pub active: bool,
}

impl PersonView {
    /// A person as of a day.
    #[must_use]
    pub fn on(definitions: &Definitions, person: &Person, day: NaiveDate) -> Self {
        let membership = definitions.membership_on(person.id, day);
        Self {
            id: Uuid::from_u128(person.id),
            external_id: person.external_id.clone(),
            name: person.name.clone(),
            email: person.email.clone(),
            team: membership.and_then(|membership| TeamRef::of(definitions, membership.team)),
            role: membership.map(|membership| membership.role.clone()),
            start_date: person.start.map(|day| day.to_string()),
            end_date: person.end.map(|day| day.to_string()),
            active: person.end.is_none_or(|end| day <= end),
        }
    }
}

/// A person with every team they were in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonDetail {
    /// The id.
    pub id: Uuid,
    /// How files name the person.
    pub external_id: Option<String>,
    /// The name.
    pub name: String,
    /// The address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// employee or partner.
    pub kind: String,
    /// The first day.
    pub start_date: Option<String>,
    /// The last day.
    pub end_date: Option<String>,
    /// False from the day after the last one.
    pub active: bool,
    /// What If-Match takes; a move is a new version, too.
    pub version: i64,
    /// The teams, the newest first.
    pub memberships: Vec<MembershipView>,
}

/// A person in a team for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MembershipView {
    /// The id.
    pub id: Uuid,
    /// The team.
    pub team: TeamRef,
    /// The role in the team: rep, manager ...
    pub role: String,
    /// The person's manager, if it is not the team's.
    pub manager: Option<PersonRef>,
    /// The first day.
    pub from: String,
    /// The last day; none while it lasts.
    pub to: Option<String>,
}

/// What is still open of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenRecords {
    /// Open opportunities.
    pub opportunities: u64,
    /// Leads that are neither converted nor closed.
    pub leads: u64,
    /// Customers.
    pub accounts: u64,
    /// Contacts.
    pub contacts: u64,
    /// True where the person has a user who can sign in.
    pub can_sign_in: bool,
}

/// A team in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TeamView {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// `East/Team 3`.
    pub path: String,
    /// The team above.
    pub parent_id: Option<Uuid>,
    /// How deep: 0 just below the company.
    pub depth: usize,
    /// Who leads it today.
    pub managers: Vec<PersonRef>,
    /// People who are in it today, those who lead it included.
    pub people: usize,
    /// The same with the teams below it.
    pub people_below: usize,
}

/// A team as it is edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TeamDetail {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// How files and other systems name it.
    pub code: Option<String>,
    /// `East/Team 3`.
    pub path: String,
    /// The team above.
    pub parent_id: Option<Uuid>,
    /// Who leads it today.
    pub manager_id: Option<Uuid>,
    /// True where it was put away.
    pub archived: bool,
    /// What If-Match takes.
    pub version: i64,
}
