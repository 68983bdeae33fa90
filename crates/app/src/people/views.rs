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
}
