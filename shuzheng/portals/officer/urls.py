"""Addresses of the desk; names are `officer:<name>`."""

from django.urls import URLPattern, path

from shuzheng.portals.officer.views import cases, changes, inbox, items, licences, notices, posts, previews

app_name = "officer"
urlpatterns: list[URLPattern] = [
    path("", inbox.inbox, name="inbox"),
    path("claim/", inbox.claim_many, name="claim_many"),
    path("find/", inbox.find, name="find"),
    path("cases/<str:number>/", cases.case_page, name="case"),
    path("cases/<str:number>/tasks/<int:n>/", cases.complete, name="task"),
    path("cases/<str:number>/claim/", cases.claim, name="claim"),
    path("cases/<str:number>/reveal/", cases.reveal, name="reveal"),
    path("cases/<str:number>/process.bpmn", cases.process, name="process"),
    path("cases/<str:number>/files/<uuid:file_id>/", cases.case_file, name="file"),
    path("cases/<str:number>/files/<uuid:file_id>/preview/", previews.case_preview, name="preview"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<uuid:notice_id>/", notices.notice_read, name="notice"),
    path("licences/<uuid:licence_id>/", licences.licence_page, name="licence"),
    path("licences/<uuid:licence_id>/revoke/", licences.revoke, name="revoke"),
    path("post/", posts.post, name="post"),
    path("keys/", posts.keys, name="keys"),
    path("items/", items.item_list, name="items"),
    path("items/changes/", items.change_list, name="changes"),
    path("items/changes/<uuid:change_id>/", changes.change_page, name="change"),
    path("items/changes/<uuid:change_id>/edit/", changes.edit_change, name="change_edit"),
    path("items/changes/<uuid:change_id>/submit/", changes.submit, name="change_submit"),
    path("items/changes/<uuid:change_id>/drop/", changes.drop, name="change_drop"),
    path("items/changes/<uuid:change_id>/return/", changes.send_back, name="change_return"),
    path("items/changes/<uuid:change_id>/approve/", changes.approve, name="change_approve"),
    path("items/units/<str:unit>/change/", changes.change_unit, name="change_unit"),
    path("items/<str:code>/", items.item_page, name="item"),
    path("items/<str:code>/change/", changes.change_item, name="change_item"),
    path("items/<str:code>/versions/<int:version>/", items.version_page, name="item_version"),
]
