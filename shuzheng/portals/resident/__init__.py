"""Resident."""
