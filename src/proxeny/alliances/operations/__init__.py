"""Operations on public pages."""
