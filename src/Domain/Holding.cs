namespace PhoneAuth.Domain;

/// <summary>Which rows are to be held while something is decided about them. A repository says which; the unit of work holds them, and saves.</summary>
/// <typeparam name="TFound">What is found in them.</typeparam>
public abstract class Holding<TFound>;
