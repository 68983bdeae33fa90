//! The stages of a pipeline with the deals that stand on them: what boards and funnels show.

use chrono::NaiveDate;
use qiao_store::StoreError;
use qiao_store::entities::stage;
use uuid::Uuid;

use crate::context::Context;
use crate::error::AppError;
use crate::sheet::{Between, Order, Question, Total};
use crate::state::AppState;

/// Which deals are meant.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Only this owner's.
    pub owner: Option<Uuid>,
    /// Only what these people own.
    pub owners: Option<Vec<Uuid>>,
    /// The first and the last day between which deals were won and lost; open ones are meant whatever their days.
    pub closed: (NaiveDate, NaiveDate),
}

/// What stands on a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The deals.
    pub count: u64,
    /// What they are worth together, in minor units.
    pub amount_minor: i64,
    /// The first of them, where some were asked for.
    pub first: Vec<Uuid>,
}

impl Columns {
    fn question(&self, stage: &stage::Model) -> Question {
        let closed = (stage.kind != "open").then_some(self.closed);
        Question {
            owner: self.owner,
            stage: Some(stage.id),
            status: Some(stage.kind.clone()),
            closed: Between { from: closed.map(|(from, _)| from), to: closed.map(|(_, to)| to) },
            ..Question::default()
        }
    }

    /// What stands on some stages in the asker's scope, with the first deals of each in an order.
    ///
    /// # Errors
    /// [`AppError::Store`] where the database refused, or a sum is beyond all money.
    pub async fn of(
        &self,
        state: &AppState,
        context: &Context,
        stages: &[&stage::Model],
        order: Option<&Order>,
    ) -> Result<Vec<Column>, AppError> {
        let following = state.search().fresh(state.store()).await?;
        let (sheet, scope) = (&following.sheet, &context.rows);
        let questions: Vec<Question> = stages.iter().map(|stage| self.question(stage)).collect();
        let stand = sheet.columns(scope, self.owners.as_deref(), &questions, order);
        let column = |(stage, (total, first)): (&&stage::Model, (Total, Vec<Uuid>))| {
            let amount_minor = i64::try_from(total.amount_minor)
                .map_err(|_| StoreError::Damaged(format!("the deals of {} are beyond all money", stage.code)))?;
            Ok(Column { count: total.count, amount_minor, first })
        };
        stages.iter().zip(stand).map(column).collect()
    }
}
