"""Addresses of the resident and enterprise front; names are `resident:<name>`."""

from django.urls import URLPattern, path

from shuzheng.portals.resident.views import apply, checking, filling, my, preferences, public, search, verify

app_name = "resident"
urlpatterns: list[URLPattern] = [
    path("", public.home, name="home"),
    path("items/", search.search, name="search"),
    path("items/<str:code>/", public.guide, name="guide"),
    path("items/<str:code>/apply/", apply.choose_unit, name="apply"),
    path("drafts/<uuid:draft_id>/<int:step>/", filling.fill_step, name="step"),
    path("drafts/<uuid:draft_id>/papers/", filling.give_papers, name="papers"),
    path("drafts/<uuid:draft_id>/papers/<int:seq>/", filling.open_paper, name="paper"),
    path("drafts/<uuid:draft_id>/papers/<int:seq>/preview/", filling.preview_paper, name="paper_preview"),
    path("drafts/<uuid:draft_id>/check/", checking.check, name="check"),
    path("drafts/<uuid:draft_id>/discard/", apply.discard, name="discard"),
    path("done/<str:number>/", apply.done, name="done"),
    path("my/", my.home, name="my"),
    path("my/cases/", my.list_cases, name="cases"),
    path("my/cases/<str:number>/", my.show_case, name="case"),
    path("my/cases/<str:number>/supplement/", my.supplement, name="supplement"),
    path("my/cases/<str:number>/withdraw/", my.withdraw, name="withdraw"),
    path("my/cases/<str:number>/rate/", my.rate, name="rate"),
    path("my/cases/<str:number>/process.bpmn", my.process, name="process"),
    path("my/cases/<str:number>/files/<uuid:file_id>/", my.open_file, name="file"),
    path("my/licences/", my.list_licences, name="licences"),
    path("my/licences/<uuid:licence_id>/", my.show_licence, name="licence"),
    path("my/licences/<uuid:licence_id>/sheet.pdf", my.licence_sheet, name="sheet"),
    path("my/licences/<uuid:licence_id>/code/", my.licence_code, name="code"),
    path("my/notices/", my.list_notices, name="notices"),
    path("my/notices/settings/", preferences.notice_settings, name="notice_settings"),
    path("my/readers/", my.list_readers, name="readers"),
    path("verify/", verify.verify, name="verify"),
]
