//! How a list is asked for: its order, where the page begins, whose records.

pub mod queries;
pub mod sheet;

use qiao_store::pages::ById;
use qiao_store::scope::RowScope;
use uuid::Uuid;

use crate::context::Context;
use crate::error::AppError;
use crate::http::{PageQuery, PageRequest};
use crate::people::rules::members_today;
use crate::state::AppState;

/// Where a page begins: behind this row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// What the row is sorted by; none where that is empty.
    pub key: Option<String>,
    /// The row.
    pub id: Uuid,
}

/// A list, as it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The sort of the kind; by creation where there is none.
    pub sort: Option<&'static str>,
    /// The largest first, the newest first.
    pub descending: bool,
    /// Where the page begins.
    pub after: Option<After>,
    /// Rows to read; one more than the page has tells whether there is another.
    pub limit: u64,
    /// What was put away instead of what is there.
    pub archived: bool,
    /// Only what these people own.
    pub owners: Option<Vec<Uuid>>,
}

impl Listing {
    /// Everything, the oldest first, so many at a time.
    #[must_use]
    pub fn all(limit: u64) -> Self {
        Self { limit, ..Self::default() }
    }

    /// The part that a list by creation needs.
    #[must_use]
    pub fn by_id(&self) -> ById {
        ById { after: self.after.as_ref().map(|after| after.id), limit: self.limit, newest_first: self.descending }
    }
}

/// The parts of a query that every list has.
#[derive(Clone, Debug, Default)]
pub struct Paging {
    /// Rows per page.
    pub limit: Option<u64>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// A sort of the kind, `-` before it for the largest first.
    pub sort: Option<String>,
    /// True for what was put away instead of what is there.
    pub archived: Option<bool>,
    /// Only what this team's people own, those of the teams below it included.
    pub team: Option<Uuid>,
}

impl Paging {
    /// The parts that every kind has.
    #[must_use]
    pub fn of(limit: Option<u64>, cursor: Option<String>, sort: Option<String>) -> Self {
        Self { limit, cursor, sort, ..Self::default() }
    }

    /// Checks the query against the sorts of the kind, in the asker's scope.
    ///
    /// # Errors
    /// 422 for a wrong limit, cursor or sort, and for a team that the asker does not see.
    pub async fn checked(
        self,
        state: &AppState,
        context: &Context,
        sorts: &[&'static str],
    ) -> Result<(PageRequest, Listing), AppError> {
        let page = PageQuery { limit: self.limit, cursor: self.cursor }.checked()?;
        let word = self.sort.as_deref().unwrap_or("-created_at");
        let (name, descending) = word.strip_prefix('-').map_or((word, false), |name| (name, true));
        let sort = sorts.iter().copied().find(|sort| *sort == name);
        if sort.is_none() && name != "created_at" {
            let all: Vec<String> =
                sorts.iter().copied().chain(["created_at"]).map(|sort| format!("{sort}, -{sort}")).collect();
            return Err(AppError::field("/sort", "unknown_sort", &[word, &all.join(", ")]));
        }
        let after = page.after.as_ref().map(position).transpose()?;
        let owners = match self.team {
            None => None,
            Some(team) => {
                let definitions = state.definitions(context).await?;
                let members = members_today(&definitions, context, team)
                    .ok_or_else(|| AppError::field("/team_id", "unknown_reference", &[&team.to_string()]))?;
                Some(members)
            }
        };
        let limit = page.limit + 1;
        Ok((page, Listing { sort, descending, after, limit, archived: self.archived.unwrap_or(false), owners }))
    }
}

/// What stands before the value in a cursor, so that an empty text is not nothing.
const VALUE: char = '=';

/// The place of a row as a cursor holds it.
#[must_use]
pub fn cursor(key: Option<String>, id: Uuid) -> (String, String) {
    (key.map(|key| format!("{VALUE}{key}")).unwrap_or_default(), id.to_string())
}

fn position((key, id): &(String, String)) -> Result<After, AppError> {
    let id = Uuid::try_parse(id).map_err(|_| AppError::field("/cursor", "cursor", &[]))?;
    Ok(After { key: key.strip_prefix(VALUE).map(str::to_owned), id })
}

/// The people of a list that is narrowed to some, as far as the asker's scope holds them; none where it is not narrowed.
#[must_use]
pub fn narrowed(scope: &RowScope, owners: Option<&[Uuid]>) -> Option<Vec<Uuid>> {
    let within = |owner: &Uuid| scope.covers(Some(*owner));
    owners.map(|owners| owners.iter().copied().filter(within).collect())
}
