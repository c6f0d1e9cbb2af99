"""What notebooks show: small HTML in the colours of the theme, and progress that goes away when it is done."""
