//! What records name by id, by name: a list shows its customers and owners without a question for each.

use std::collections::BTreeMap;

use qiao_engine::definitions::Definitions;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Names by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Names(BTreeMap<Uuid, String>);

impl Names {
    /// The names of people.
    #[must_use]
    pub fn of_people(definitions: &Definitions, people: impl IntoIterator<Item = Option<Uuid>>) -> Self {
        let name = |id: Uuid| Some((id, definitions.people.get(&id.as_u128())?.name.clone()));
        Self(people.into_iter().flatten().filter_map(name).collect())
    }

    /// These names, too.
    #[must_use]
    pub fn and(mut self, names: impl IntoIterator<Item = (Uuid, String)>) -> Self {
        self.0.extend(names);
        self
    }

    /// True where nothing is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
