//! The pay curve of a plan: what each of its components pays against amount or attainment, for one person.

use axum::extract::State;
use qiao_engine::dates::Period;
use qiao_engine::explain::Label;
use qiao_engine::goals;
use qiao_engine::metrics::{Cut, Subject, Unit};
use qiao_engine::pay::{Estimate, estimate};
use qiao_engine::plans::{Axis, Curve, Mode, PlanVersion, curves, on_plan_in};
use qiao_engine::{Names, Snapshot};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::routes::one;
use crate::catalog::names;
use crate::context::Context;
use crate::error::AppError;
use crate::figures::{Figure, FigureUnit};
use crate::http::{Asker, Json, PathId, Problem, Query};
use crate::metrics::{Of, why_address};
use crate::pay;
use crate::people::PersonRef;
use crate::state::AppState;

/// Which version, for whom, for when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CurveQuery {
    /// The number of a version; the one in force today where absent.
    version: Option<u32>,
    /// Whose target; oneself, where absent and on the plan.
    person: Option<Uuid>,
    /// One of the plan's periods; the present one where absent.
    period: Option<String>,
}

/// The curves of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct CurvesView {
    /// Whose target and position are shown; none where the curves are nobody's.
    person: Option<PersonRef>,
    period: String,
    currency: String,
    curves: Vec<CurveView>,
}

/// What a component pays.
#[derive(Debug, Serialize, ToSchema)]
pub struct CurveView {
    component: String,
    name: String,
    /// amount or attainment.
    axis: &'static str,
    /// The metric that attainment is of.
    metric: Option<String>,
    /// marginal or whole; none for a rate without tiers.
    mode: Option<&'static str>,
    /// Money along the horizontal, or a share of the target.
    x_unit: FigureUnit,
    /// Money upwards, or a share of the target where nobody's target is known.
    y_unit: FigureUnit,
    /// The target that attainment was turned into money by.
    target: Option<Figure>,
    edges: Vec<EdgeView>,
    lines: Vec<CurveLineView>,
    /// Where the person stands now, for who may see the person's pay.
    here: Option<PointView>,
}

/// Where a band begins.
#[derive(Debug, Serialize, ToSchema)]
pub struct EdgeView {
    at: String,
    rate: String,
}

/// A line of a curve.
#[derive(Debug, Serialize, ToSchema)]
pub struct CurveLineView {
    /// What it is of; empty where there is but one.
    name: String,
    points: Vec<PointView>,
}

/// A point.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointView {
    x: String,
    y: String,
}

impl PointView {
    fn new(x: Decimal, y: Decimal) -> Self {
        let text = |value: Decimal| value.round_dp(6).normalize().to_string();
        Self { x: text(x), y: text(y) }
    }
}

/// Get the pay curves of a plan
///
/// What each component that is paid by rate pays against amount or attainment, computed from the plan's own rates at
/// the edges of the bands and between; with the target, and for who may see it the position, of a person.
#[utoipa::path(get, path = "/plans/{id}/curves", tag = "plans", params(("id" = Uuid, Path), CurveQuery),
    responses((status = 200, body = CurvesView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
pub async fn plan_curves(
    State(state): State<AppState>,
    Asker(context): Asker,
    PathId(id): PathId,
    Query(query): Query<CurveQuery>,
) -> Result<Json<CurvesView>, AppError> {
    let view = state.view(&context).await?;
    let snapshot = &view.snapshot;
    let definitions = &snapshot.definitions;
    let version = one(definitions, &context, id, query.version)?;
    let calendar = &definitions.company.calendar;
    let period = match &query.period {
        Some(_) => pay::period_of(query.period.as_deref(), snapshot, &context)?,
        None => calendar.period_of(context.today(), version.plan.period),
    };
    let range = calendar.range(period);
    let on_it = |person: &Uuid| on_plan_in(definitions, &version.plan.who, person.as_u128(), range);
    let person = match query.person {
        Some(person) if context.rows.covers(Some(person)) && on_it(&person) => Some(person),
        Some(_) => return Err(AppError::NotFound),
        None => context.person_id.filter(on_it),
    };
    let drawing = Drawing { snapshot, context: &context, names: &names(&view.catalog), version, period, person };
    Ok(Json(drawing.view()))
}

/// What the components of a draft pay, for nobody's target.
pub fn draft_curves(snapshot: &Snapshot, context: &Context, names: &Names, version: &PlanVersion) -> Vec<CurveView> {
    let period = snapshot.definitions.company.calendar.period_of(context.today(), version.plan.period);
    Drawing { snapshot, context, names, version, period, person: None }.view().curves
}

struct Drawing<'a> {
    snapshot: &'a Snapshot,
    context: &'a Context,
    names: &'a Names,
    version: &'a PlanVersion,
    period: Period,
    person: Option<Uuid>,
}

impl Drawing<'_> {
    /// The person's target of a metric that is counted in money; attainment of another says nothing of the amount.
    fn target(&self, code: &str) -> Option<Decimal> {
        let definitions = &self.snapshot.definitions;
        let range = definitions.company.calendar.range(self.period);
        definitions.metric_on(code, range.end).filter(|metric| metric.unit == Unit::Money)?;
        let subject = Subject::Person(self.person?.as_u128());
        goals::target(definitions, code, subject, self.period, &Cut::default()).map(|found| found.base)
    }

    /// What the person has earned so far, for who may see it.
    fn estimate(&self) -> Option<Estimate> {
        let person = self.person.filter(|person| pay::rules::may_see(self.context, *person).is_ok())?;
        Some(estimate(self.snapshot, person.as_u128(), self.period))
    }

    fn view(&self) -> CurvesView {
        let currency = self.snapshot.definitions.company.currency;
        let estimate = self.estimate();
        let own = |estimate: &Estimate| {
            let tiers =
                estimate.tiers.iter().filter(|t| t.plan == self.version.plan.id && matches!(t.axis, Axis::Amount));
            tiers.map(|tier| tier.position + tier.held).max()
        };
        let reached = estimate.as_ref().and_then(own);
        let drawn = curves(&self.version.plan, currency, &|code| self.target(code), reached);
        CurvesView {
            person: self.person.and_then(|person| PersonRef::of(&self.snapshot.definitions, person)),
            period: self.period.to_string(),
            currency: currency.code().to_owned(),
            curves: drawn.iter().map(|curve| self.curve(curve, estimate.as_ref())).collect(),
        }
    }

    fn curve(&self, curve: &Curve, estimate: Option<&Estimate>) -> CurveView {
        let definitions = &self.snapshot.definitions;
        let currency = definitions.company.currency;
        let language = self.context.language();
        let component = self.version.plan.components.iter().find(|c| c.id == curve.component);
        let metric = match &curve.axis {
            Axis::Amount | Axis::Formula(_) => None,
            Axis::Attainment(code) => definitions.metric_on(code, definitions.company.calendar.range(self.period).end),
        };
        let on_amount = matches!(curve.axis, Axis::Amount);
        let target = curve.target.zip(metric).zip(self.person).map(|((target, metric), person)| {
            let subject = format!("person:{person}");
            let why = why_address(&metric.code, &subject, self.period, &Cut::default(), Of::Target);
            Figure::metric(Some(target), metric.unit, currency, Some(why))
        });
        CurveView {
            component: curve.component.clone(),
            name: component.map(|c| c.name.get(language).to_owned()).unwrap_or_default(),
            axis: if on_amount { "amount" } else { "attainment" },
            metric: metric.map(|metric| metric.name.get(language).to_owned()),
            mode: curve.mode.map(|mode| if mode == Mode::Marginal { "marginal" } else { "whole" }),
            x_unit: if on_amount { FigureUnit::Money } else { FigureUnit::Percent },
            y_unit: if on_amount || target.is_some() { FigureUnit::Money } else { FigureUnit::Percent },
            target,
            edges: curve
                .edges
                .iter()
                .map(|(at, rate)| EdgeView { at: at.normalize().to_string(), rate: rate.normalize().to_string() })
                .collect(),
            lines: curve
                .lines
                .iter()
                .map(|line| CurveLineView {
                    name: self.label(&line.label),
                    points: line.points.iter().map(|point| PointView::new(point.at, point.pay)).collect(),
                })
                .collect(),
            here: estimate.and_then(|estimate| self.here(curve, estimate)),
        }
    }

    fn label(&self, label: &Label) -> String {
        let language = self.context.language();
        match label {
            Label::Row(values) if values.is_empty() => language.pick("其他", "All others").to_owned(),
            Label::Row(values) => {
                let words = values.iter().map(|(field, code)| self.names.of(field, code, language));
                words.collect::<Vec<_>>().join(" · ")
            }
            Label::Flat | Label::Band(_) | Label::Curve | Label::Signing => String::new(),
        }
    }

    /// Where the person stands on tiers: what counts already, and what it pays.
    fn here(&self, curve: &Curve, estimate: &Estimate) -> Option<PointView> {
        let own = |plan: &str, component: &str| plan == self.version.plan.id && component == curve.component;
        let tier = estimate.tiers.iter().find(|tier| own(&tier.plan, &tier.component))?;
        if matches!(curve.axis, Axis::Attainment(_)) && curve.target.is_none() {
            return None;
        }
        let counted = |line: &&qiao_engine::pay::Line| {
            own(&line.plan, &line.component) && line.status == qiao_engine::pay::Status::Earned
        };
        let minor: i64 = estimate.lines.iter().filter(counted).map(|line| line.amount_minor).sum();
        let digits = self.snapshot.definitions.company.currency.digits();
        Some(PointView::new(tier.position, Decimal::new(minor, digits)))
    }
}
