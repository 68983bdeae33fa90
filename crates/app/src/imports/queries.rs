//! Database access of import runs. A run is its owner's and the administrators'.

use qiao_store::StoreError;
use qiao_store::entities::{import_mapping, import_reject, import_row, import_run};
use qiao_store::sea_orm::sea_query::OnConflict;
use qiao_store::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

/// Rows in one insert statement: four columns each.
const ROWS_PER_INSERT: usize = 1_000;
/// Rows that are taken away at a time.
const SWEPT: i64 = 2_000;

/// Whose runs somebody sees: those of a user, or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// A user's.
    Of(Option<Uuid>),
}

fn seen(whose: Whose) -> qiao_store::sea_orm::Select<import_run::Entity> {
    match whose {
        Whose::All => import_run::Entity::find(),
        Whose::Of(user) => import_run::Entity::find().filter(import_run::Column::ActorId.eq(user)),
    }
}

/// A run that somebody sees.
pub async fn find(db: &impl ConnectionTrait, whose: Whose, id: Uuid) -> Result<Option<import_run::Model>, StoreError> {
    Ok(seen(whose).filter(import_run::Column::Id.eq(id)).one(db).await?)
}

/// The runs that somebody sees, the newest first, those before one. A file that is still being read is none yet.
pub async fn page(
    db: &impl ConnectionTrait,
    whose: Whose,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<import_run::Model>, StoreError> {
    let rows = seen(whose)
        .filter(import_run::Column::Status.ne("reading"))
        .apply_if(before, |rows, id| rows.filter(import_run::Column::Id.lt(id)));
    Ok(rows.order_by_desc(import_run::Column::Id).limit(limit).all(db).await?)
}

/// A new run.
pub async fn insert(db: &impl ConnectionTrait, run: import_run::Model) -> Result<(), StoreError> {
    import_run::Entity::insert(run.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// A run as it is now.
pub async fn save(db: &impl ConnectionTrait, run: import_run::Model) -> Result<(), StoreError> {
    run.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// Rows of a file.
pub async fn insert_rows(db: &impl ConnectionTrait, rows: Vec<import_row::Model>) -> Result<(), StoreError> {
    for part in rows.chunks(ROWS_PER_INSERT) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        import_row::Entity::insert_many(part).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Rows of a file from one position up to another, which is not among them.
pub async fn rows(
    db: &impl ConnectionTrait,
    run: Uuid,
    from: i64,
    to: i64,
) -> Result<Vec<import_row::Model>, StoreError> {
    let rows = import_row::Entity::find()
        .filter(import_row::Column::RunId.eq(run))
        .filter(import_row::Column::Position.gte(from))
        .filter(import_row::Column::Position.lt(to));
    Ok(rows.order_by_asc(import_row::Column::Position).all(db).await?)
}

/// Rows of a file at some positions.
pub async fn rows_at(
    db: &impl ConnectionTrait,
    run: Uuid,
    positions: &[i64],
) -> Result<Vec<import_row::Model>, StoreError> {
    let rows = import_row::Entity::find()
        .filter(import_row::Column::RunId.eq(run))
        .filter(import_row::Column::Position.is_in(positions.iter().copied()));
    Ok(rows.all(db).await?)
}

/// Takes away the first rows of a file that is not needed any more; how many there were.
pub async fn delete_rows(db: &impl ConnectionTrait, run: Uuid) -> Result<u64, StoreError> {
    let first: Option<i64> = import_row::Entity::find()
        .filter(import_row::Column::RunId.eq(run))
        .select_only()
        .column_as(import_row::Column::Position.min(), "first")
        .into_tuple::<Option<i64>>()
        .one(db)
        .await?
        .flatten();
    let Some(first) = first else { return Ok(0) };
    let gone = import_row::Entity::delete_many()
        .filter(import_row::Column::RunId.eq(run))
        .filter(import_row::Column::Position.lt(first + SWEPT))
        .exec(db)
        .await?;
    Ok(gone.rows_affected)
}

/// Rejected rows, one for each line; a line that was rejected before has its new reasons.
pub async fn put_rejects(db: &impl ConnectionTrait, rows: Vec<import_reject::Model>) -> Result<(), StoreError> {
    for part in rows.chunks(ROWS_PER_INSERT) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        let key = [import_reject::Column::RunId, import_reject::Column::Line];
        let new = [import_reject::Column::Cells, import_reject::Column::Errors];
        let again = OnConflict::columns(key).update_columns(new).to_owned();
        import_reject::Entity::insert_many(part).on_conflict(again).exec_without_returning(db).await?;
    }
    Ok(())
}

/// The rejected rows behind a line.
pub async fn rejects(
    db: &impl ConnectionTrait,
    run: Uuid,
    after: i64,
    limit: u64,
) -> Result<Vec<import_reject::Model>, StoreError> {
    let rows = import_reject::Entity::find()
        .filter(import_reject::Column::RunId.eq(run))
        .filter(import_reject::Column::Line.gt(after));
    Ok(rows.order_by_asc(import_reject::Column::Line).limit(limit).all(db).await?)
}

/// The rejected rows of some lines.
pub async fn rejects_at(
    db: &impl ConnectionTrait,
    run: Uuid,
    lines: &[i64],
) -> Result<Vec<import_reject::Model>, StoreError> {
    let rows = import_reject::Entity::find()
        .filter(import_reject::Column::RunId.eq(run))
        .filter(import_reject::Column::Line.is_in(lines.iter().copied()));
    Ok(rows.all(db).await?)
}

/// Takes rejected rows away: those of some lines, or all.
pub async fn delete_rejects(db: &impl ConnectionTrait, run: Uuid, lines: Option<&[i64]>) -> Result<(), StoreError> {
    let mut rows = import_reject::Entity::delete_many().filter(import_reject::Column::RunId.eq(run));
    if let Some(lines) = lines {
        rows = rows.filter(import_reject::Column::Line.is_in(lines.iter().copied()));
    }
    rows.exec(db).await?;
    Ok(())
}

/// Takes a run away that never became one.
pub async fn delete(db: &impl ConnectionTrait, run: Uuid) -> Result<(), StoreError> {
    import_run::Entity::delete_by_id(run).exec(db).await?;
    Ok(())
}

/// The mapping that was used last for files of this kind with this header.
pub async fn remembered(db: &impl ConnectionTrait, kind: &str, header: &str) -> Result<Option<String>, StoreError> {
    let key = (kind.to_owned(), header.to_owned());
    Ok(import_mapping::Entity::find_by_id(key).one(db).await?.map(|row| row.mapping))
}

/// Remembers a mapping.
pub async fn remember(db: &impl ConnectionTrait, row: import_mapping::Model) -> Result<(), StoreError> {
    let key = [import_mapping::Column::Kind, import_mapping::Column::HeaderDigest];
    let again = OnConflict::columns(key)
        .update_columns([import_mapping::Column::Mapping, import_mapping::Column::UpdatedAt])
        .to_owned();
    import_mapping::Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(db).await?;
    Ok(())
}

/// Runs that were begun before a moment and never started, or were cut off while their file was read.
pub async fn forgotten(db: &impl ConnectionTrait, before: i64) -> Result<Vec<import_run::Model>, StoreError> {
    let rows = import_run::Entity::find()
        .filter(import_run::Column::CreatedAt.lt(before))
        .filter(import_run::Column::Status.is_in(["reading", "mapping", "checking", "checked"]));
    Ok(rows.limit(20).all(db).await?)
}
