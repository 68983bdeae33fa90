//! Row scope: whose records an asker may see. Every read of `app` takes one; there is no way to forget it.

use uuid::Uuid;

/// Whose records may be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowScope {
    /// Everybody's, and what nobody owns.
    All,
    /// Those of these people, sorted by id; what nobody owns is not among them.
    People(Vec<Uuid>),
}

impl RowScope {
    /// The scope of a list of people.
    #[must_use]
    pub fn people(mut people: Vec<Uuid>) -> Self {
        people.sort_unstable();
        people.dedup();
        Self::People(people)
    }

    /// True where a record owned by this person may be seen.
    #[must_use]
    pub fn covers(&self, owner: Option<Uuid>) -> bool {
        match self {
            Self::All => true,
            Self::People(people) => owner.is_some_and(|owner| people.binary_search(&owner).is_ok()),
        }
    }

    /// The condition on an owner column; `None` where everything may be seen.
    #[must_use]
    pub fn condition(&self, owner: impl sea_orm::ColumnTrait) -> Option<sea_orm::sea_query::SimpleExpr> {
        match self {
            Self::All => None,
            Self::People(people) => Some(owner.is_in(people.iter().copied())),
        }
    }
}
