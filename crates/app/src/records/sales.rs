//! Pages of accounts, contacts, leads, opportunities and activities.

use qiao_store::books::View;
use uuid::Uuid;

use super::fields::{Drawn, Page};
use crate::activities::ActivityEntry;
use crate::context::Context;
use crate::customers::accounts::AccountEntry;
use crate::customers::contacts::ContactEntry;
use crate::entry::Listed;
use crate::error::AppError;
use crate::leads::LeadEntry;
use crate::pipeline::opportunities::OpportunityEntry;
use crate::state::AppState;
use crate::{activities, customers, pipeline};

const OPPORTUNITY: (&str, &str) = ("商机", "Opportunity");
const ACCOUNT: (&str, &str) = ("客户", "Account");
const EXTERNAL: (&str, &str) = ("外部编号", "External id");

/// A customer of a record in scope: its name is part of the record.
pub async fn account_name(
    state: &AppState,
    context: &Context,
    id: Option<Uuid>,
) -> Result<Option<(Uuid, String)>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let view = state.view(context).await?;
    Ok(customers::rules::account_names(state, &view, [Some(id)]).await?.pop())
}

/// An opportunity of a record in scope.
pub async fn deal_name(state: &AppState, id: Option<Uuid>) -> Result<Option<(Uuid, String)>, AppError> {
    let deals = pipeline::rules::opportunities(state.store().pool(), id.into_iter().collect()).await?;
    Ok(deals.into_values().next().map(|deal| (deal.id, deal.name)))
}

/// The name of a product.
pub fn product_name(view: &View, id: Option<Uuid>) -> Option<String> {
    id.and_then(|id| view.catalog.product(id)).map(|product| product.name.clone())
}

pub async fn opportunity(state: &AppState, context: &Context, id: Uuid) -> Result<Drawn, AppError> {
    let whole = OpportunityEntry::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    let view = state.view(context).await?;
    let deal = &whole.deal;
    let mut page = Page::new(context, &view.snapshot.definitions);
    page.link("account", ACCOUNT, "account", account_name(state, context, deal.account_id).await?);
    page.owner(deal.owner_id);
    page.money("amount", ("金额", "Amount"), deal.amount_minor, &deal.currency);
    page.text("stage", ("阶段", "Stage"), view.catalog.stage(deal.stage_id).map(|stage| stage.name.clone()));
    page.text("product", ("产品", "Product"), product_name(&view, deal.product_id));
    page.text("product_line", ("产品线", "Product line"), view.catalog.line_of(deal.product_id));
    page.date("opened_on", ("建立日期", "Opened"), deal.opened_on);
    page.date("expected_close_on", ("预计成交", "Expected to close"), deal.expected_close_on);
    page.date("closed_on", ("关闭日期", "Closed"), deal.closed_on);
    page.text("source", ("来源", "Source"), deal.source.clone());
    page.text("lost_reason", ("输单原因", "Lost because"), deal.lost_reason.clone());
    page.text("competitor", ("竞争对手", "Competitor"), deal.competitor.clone());
    page.text("next_step", ("下一步", "Next step"), deal.next_step.clone());
    page.text("external_id", EXTERNAL, deal.external_id.clone());
    let stages = view.catalog.stages_of(deal.pipeline_id);
    page.stages(stages.map(|stage| (stage.code.clone(), stage.name.clone())));
    page.credits(whole.splits.views(), deal.owner_id);
    page.put_away(deal.archived_at);
    Ok(page.done("opportunity", id, deal.name.clone()))
}

pub async fn account(state: &AppState, context: &Context, id: Uuid) -> Result<Drawn, AppError> {
    let whole = AccountEntry::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    let definitions = state.definitions(context).await?;
    let account = &whole.account;
    let mut page = Page::new(context, &definitions);
    page.owner(account.owner_id);
    page.link("parent", ("上级企业", "Parent"), "account", account_name(state, context, account.parent_id).await?);
    let former = whole.former_names.join(context.locale.pick("、", ", "));
    page.text("former_names", ("曾用名", "Former names"), (!former.is_empty()).then_some(former));
    page.text("social_credit_code", ("统一社会信用代码", "Social credit code"), account.social_credit_code.clone());
    page.text("industry", ("行业", "Industry"), account.industry.clone());
    page.text("region", ("区域", "Region"), account.region.clone());
    page.text("tier", ("客户等级", "Tier"), account.tier.clone());
    page.text("source", ("来源", "Source"), account.source.clone());
    page.text("phone", ("电话", "Phone"), account.phone.clone());
    page.text("website", ("网站", "Website"), account.website.clone());
    page.text("address", ("地址", "Address"), account.address.clone());
    page.text("employees", ("员工数", "Employees"), account.employees.map(|count| count.to_string()));
    page.text("founded_year", ("成立年份", "Founded"), account.founded_year.map(|year| year.to_string()));
    page.text("external_id", EXTERNAL, account.external_id.clone());
    page.put_away(account.archived_at);
    Ok(page.done("account", id, account.name.clone()))
}

pub async fn contact(state: &AppState, context: &Context, id: Uuid) -> Result<Drawn, AppError> {
    let contact = ContactEntry::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    let definitions = state.definitions(context).await?;
    let mut page = Page::new(context, &definitions);
    page.link("account", ACCOUNT, "account", account_name(state, context, contact.account_id).await?);
    page.owner(contact.owner_id);
    page.text("title", ("职位", "Title"), contact.title.clone());
    let roles = [
        ("decider", "决策人", "Decider"),
        ("influencer", "影响人", "Influencer"),
        ("user", "使用人", "User"),
        ("buyer", "采购", "Buyer"),
        ("gatekeeper", "把关人", "Gatekeeper"),
    ];
    if let Some(role) = &contact.decision_role {
        page.word("decision_role", ("决策角色", "Decision role"), role, &roles);
    }
    page.text("phone", ("电话", "Phone"), contact.phone.clone());
    page.text("email", ("邮箱", "E-mail"), contact.email.clone());
    page.text("wechat", ("微信", "WeChat"), contact.wechat.clone());
    page.text("external_id", EXTERNAL, contact.external_id.clone());
    page.put_away(contact.archived_at);
    Ok(page.done("contact", id, contact.name.clone()))
}

pub async fn lead(state: &AppState, context: &Context, id: Uuid) -> Result<Drawn, AppError> {
    let lead = LeadEntry::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    let definitions = state.definitions(context).await?;
    let mut page = Page::new(context, &definitions);
    page.text("company_name", ("公司", "Company"), lead.company_name.clone());
    page.owner(lead.owner_id);
    let statuses = [
        ("open", "未跟进", "Open"),
        ("working", "跟进中", "Working"),
        ("converted", "已转化", "Converted"),
        ("closed", "已关闭", "Closed"),
    ];
    page.word("status", ("状态", "Status"), &lead.status, &statuses);
    page.date("created_on", ("建立日期", "Created"), lead.created_on);
    page.date("converted_on", ("转化日期", "Converted on"), lead.converted_on);
    page.link("account", ACCOUNT, "account", account_name(state, context, lead.account_id).await?);
    page.link("opportunity", OPPORTUNITY, "opportunity", deal_name(state, lead.opportunity_id).await?);
    page.text("title", ("职位", "Title"), lead.title.clone());
    page.text("phone", ("电话", "Phone"), lead.phone.clone());
    page.text("email", ("邮箱", "E-mail"), lead.email.clone());
    page.text("source", ("来源", "Source"), lead.source.clone());
    page.text("campaign", ("活动", "Campaign"), lead.campaign.clone());
    page.text("region", ("区域", "Region"), lead.region.clone());
    page.text("note", ("备注", "Note"), lead.note.clone());
    page.text("external_id", EXTERNAL, lead.external_id.clone());
    page.put_away(lead.archived_at);
    Ok(page.done("lead", id, lead.name.clone()))
}

pub async fn activity(state: &AppState, context: &Context, id: Uuid) -> Result<Drawn, AppError> {
    let row = ActivityEntry::find(state, context, id).await?.ok_or(AppError::NotFound)?;
    let definitions = state.definitions(context).await?;
    let mut page = Page::new(context, &definitions);
    let kinds = [
        ("call", "电话", "Call"),
        ("visit", "拜访", "Visit"),
        ("demo", "演示", "Demo"),
        ("message", "消息", "Message"),
        ("meeting", "会议", "Meeting"),
    ];
    page.word("kind", ("方式", "Kind"), &row.kind, &kinds);
    page.date("happened_on", ("日期", "Date"), Some(row.happened_on));
    page.owner(Some(row.owner_id));
    page.link("account", ACCOUNT, "account", account_name(state, context, row.account_id).await?);
    page.link("opportunity", OPPORTUNITY, "opportunity", deal_name(state, row.opportunity_id).await?);
    page.text("outcome", ("结果", "Outcome"), row.outcome.clone());
    page.text("next_step", ("下一步", "Next step"), row.next_step.clone());
    page.date("next_step_on", ("下一步日期", "Next step on"), row.next_step_on);
    page.text("minutes", ("时长（分钟）", "Minutes"), row.minutes.map(|minutes| minutes.to_string()));
    page.text("place", ("地点", "Place"), row.place.clone());
    page.text("location", ("定位", "Position"), activities::position(&row));
    page.text("external_id", EXTERNAL, row.external_id.clone());
    page.put_away(row.archived_at);
    Ok(page.done("activity", id, row.subject.clone()))
}
