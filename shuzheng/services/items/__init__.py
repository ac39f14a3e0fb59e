"""Items (政务服务事项): what can be applied for, who implements it, what it asks, and the way from a draft to a case.

Standards: GB/T 39554.1 (item codes: basic code 12 digits, implementing code 31 characters), CPSV-AP PublicService.

Main flow: `start_draft` fills in what the platform knows, each answer with its source; `save_section` keeps what was
typed; `attach_paper` adds files; `submit_draft` checks everything again and opens a case; the process then calls
`accept_case`, `issue_result` or `tell_refused`. Content of an item is versioned: an application keeps its version.

Public: queries `search_items list_themes get_item get_guide get_unit list_units suggest_unit get_form get_draft
list_drafts list_papers check_draft get_application`; actions `start_draft save_section attach_paper remove_paper
discard_draft submit_draft apply_at_once supplement_case hold_input take_held_input purge_expired`; service actions
`accept_case issue_result tell_refused`; event handlers `on_case_opened on_task_opened on_case_moved on_case_closed`.
"""
