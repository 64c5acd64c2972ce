# offering
