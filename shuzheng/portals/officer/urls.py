"""Addresses of the desk; names are `officer:<name>`."""

from django.urls import URLPattern, path

from shuzheng.portals.officer.views import cases, inbox, licences, notices, posts

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
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<uuid:notice_id>/", notices.notice_read, name="notice"),
    path("licences/<uuid:licence_id>/", licences.licence_page, name="licence"),
    path("licences/<uuid:licence_id>/revoke/", licences.revoke, name="revoke"),
    path("post/", posts.post, name="post"),
    path("keys/", posts.keys, name="keys"),
]
