"""Queries, one repository for each aggregate."""
