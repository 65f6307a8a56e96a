namespace PhoneAuth.Domain.PhoneNumbers;

/// <summary>
/// The country codes of ITU-T E.164 that a person's phone can have, and the shape of the numbers behind each.
/// </summary>
/// <remarks>
/// <para>
/// Facts from the ITU: the list of assigned country codes (annex to the Operational Bulletin, "List of ITU-T Recommendation
/// E.164 assigned country codes"), the dialling procedures (trunk prefixes) and the national plans notified under ITU-T E.129,
/// cross-checked with the possible lengths of fixed and mobile numbers in the public libphonenumber metadata.
/// </para>
/// <para>
/// Left out, because no person receives a text there: 800 (freephone), 808 (shared cost), 878 (personal numbers that only
/// forward calls), 888 (disaster relief, withdrawn), 979 (premium rate), 991 (a closed trial); 379, 388 and 997, which have no
/// number in service; and the spare codes. Lengths used only by machines, voicemail or service numbers are left out too.
/// Numbers of retired plans are refused, for their owners have others now (8 digits in Benin, 0-numbers in Gabon).
/// </para>
/// </remarks>
public static class CountryCodes
{
    // Country code, lengths of the national (significant) number, trunk prefixes, who uses it. The columns are read by NumberingPlan.Read.
    //   Lengths: 9 or 8-10 or 9,11; with "3:9-10" the lengths of numbers that begin with 3, all other first digits being impossible.
    //   Trunk:   what is dialled before the national number at home, tried in the order written; "-" is none;
    //            "keep" is none, and a leading zero belongs to the number; "+1" is dropped only after the country code.
    private const string Table = """
        1    10                   1              North American Numbering Plan
        20   8-10                 0              Egypt
        211  9                    0              South Sudan
        212  9                    0              Morocco, Western Sahara
        213  8,9                  0              Algeria
        216  8                    -              Tunisia
        218  8,9                  0              Libya
        220  7,9                  -              Gambia
        221  9                    -              Senegal
        222  8                    -              Mauritania
        223  8                    -              Mali
        224  8,9                  -              Guinea
        225  10                   keep           Côte d'Ivoire
        226  8                    keep           Burkina Faso
        227  8                    -              Niger
        228  8                    -              Togo
        229  10                   keep           Benin
        230  7,8                  -              Mauritius
        231  7-9                  0              Liberia
        232  8                    0              Sierra Leone
        233  9                    0              Ghana
        234  10                   0              Nigeria
        235  8                    -              Chad
        236  8                    -              Central African Republic
        237  9                    -              Cameroon
        238  7                    -              Cape Verde
        239  7                    -              São Tomé and Príncipe
        240  9                    -              Equatorial Guinea
        241  8                    0              Gabon
        242  9                    keep           Congo (Brazzaville)
        243  7-10                 0              Congo (Kinshasa)
        244  9                    -              Angola
        245  9                    -              Guinea-Bissau
        246  7                    -              Diego Garcia
        247  5                    -              Ascension
        248  7                    -              Seychelles
        249  9                    0              Sudan
        250  9                    0              Rwanda
        251  9                    0              Ethiopia
        252  6-9                  0              Somalia
        253  8                    -              Djibouti
        254  7-9                  0              Kenya
        255  9                    0              Tanzania
        256  9                    0              Uganda
        257  8                    -              Burundi
        258  8,9                  -              Mozambique
        260  9                    0              Zambia
        261  9                    0              Madagascar
        262  9                    0              Réunion, Mayotte
        263  7-10                 0              Zimbabwe
        264  8,9                  0              Namibia
        265  7,9                  0              Malawi
        266  8                    -              Lesotho
        267  7,8                  -              Botswana
        268  8                    -              Eswatini
        269  7                    -              Comoros
        27   9                    0              South Africa
        290  4,5                  -              Saint Helena, Tristan da Cunha
        291  7                    0              Eritrea
        297  7                    -              Aruba
        298  6                    -              Faroe Islands
        299  6                    -              Greenland
        30   10                   -              Greece
        31   9                    0              Netherlands
        32   8,9                  0              Belgium
        33   9                    0              France
        34   9                    -              Spain
        350  8                    -              Gibraltar
        351  9                    -              Portugal
        352  4-11                 -              Luxembourg
        353  7-10                 0              Ireland
        354  7,9                  -              Iceland
        355  8,9                  0              Albania
        356  8                    -              Malta
        357  8                    -              Cyprus
        358  5-12                 0              Finland, Åland
        359  6-9                  0              Bulgaria
        36   8,9                  06             Hungary
        370  8                    0,8            Lithuania
        371  8                    -              Latvia
        372  7,8                  -              Estonia
        373  8                    0              Moldova
        374  8                    0              Armenia
        375  9                    80,8,0         Belarus
        376  6,9                  -              Andorra
        377  8,9                  0              Monaco
        378  8,10                 keep           San Marino
        380  9                    0              Ukraine
        381  7-12                 0              Serbia
        382  8                    0              Montenegro
        383  8-12                 0              Kosovo
        385  8,9                  0              Croatia
        386  8                    0              Slovenia
        387  8,9                  0              Bosnia and Herzegovina
        389  8                    0              North Macedonia
        39   0:6-11,3:9-10        keep           Italy, Vatican City
        40   9                    0              Romania
        41   9                    0              Switzerland
        420  9                    -              Czechia
        421  9                    0              Slovakia
        423  7,9                  0              Liechtenstein
        43   4-13                 0              Austria
        44   9,10                 0              United Kingdom, Guernsey, Isle of Man, Jersey
        45   8                    -              Denmark
        46   7-9                  0              Sweden
        47   8                    -              Norway, Svalbard
        48   9                    -              Poland
        49   5-13                 0              Germany
        500  5                    -              Falkland Islands
        501  7                    -              Belize
        502  8                    -              Guatemala
        503  8                    -              El Salvador
        504  8                    -              Honduras
        505  8                    -              Nicaragua
        506  8                    -              Costa Rica
        507  7,8                  -              Panama
        508  6,9                  0              Saint Pierre and Miquelon
        509  8                    -              Haiti
        51   8,9                  0              Peru
        52   10                   01,044,045,+1  Mexico
        53   8                    0              Cuba
        54   1:10,2:10,3:10,9:11  0              Argentina
        55   10,11                0              Brazil
        56   9                    -              Chile
        57   10                   0              Colombia
        58   10                   0              Venezuela
        590  9                    0              Guadeloupe, Saint Barthélemy, Saint Martin
        591  8                    0              Bolivia
        592  7                    -              Guyana
        593  8,9                  0              Ecuador
        594  9                    0              French Guiana
        595  7-9                  0              Paraguay
        596  9                    0              Martinique
        597  6,7                  -              Suriname
        598  8                    0              Uruguay
        599  7,8                  -              Curaçao, Bonaire, Sint Eustatius, Saba
        60   8-10                 0              Malaysia
        61   9                    0              Australia, Christmas Island, Cocos Islands
        62   7-12                 0              Indonesia
        63   8-10                 0              Philippines
        64   8-10                 0              New Zealand
        65   8                    -              Singapore
        66   8,9                  0              Thailand
        670  7,8                  -              Timor-Leste
        672  6                    -              Norfolk Island, Australian Antarctic bases
        673  7                    -              Brunei
        674  7                    -              Nauru
        675  7,8                  -              Papua New Guinea
        676  5,7                  -              Tonga
        677  5,7                  -              Solomon Islands
        678  5,7                  -              Vanuatu
        679  7                    -              Fiji
        680  7                    -              Palau
        681  6                    -              Wallis and Futuna
        682  5                    -              Cook Islands
        683  4,7                  -              Niue
        685  5-7,10               -              Samoa
        686  5,8                  0              Kiribati
        687  6                    -              New Caledonia
        688  5-7                  -              Tuvalu
        689  8                    -              French Polynesia
        690  4-7                  -              Tokelau
        691  7                    -              Micronesia
        692  7                    1              Marshall Islands
        7    10                   8              Russia, Kazakhstan
        81   9,10                 0              Japan
        82   8-10                 0              South Korea
        84   9,10                 0              Vietnam
        850  8,10                 0              North Korea
        852  8                    -              Hong Kong
        853  8                    -              Macao
        855  8,9                  0              Cambodia
        856  8-10                 0              Laos
        86   10,11                0              China
        870  9,12                 -              Satellite phones (Inmarsat)
        880  6-10                 0              Bangladesh
        881  9,10                 -              Satellite phones (Globalstar, Iridium)
        882  7-12                 -              International networks
        883  8-12                 -              International networks
        886  8,9                  0              Taiwan
        90   10                   0              Türkiye
        91   10                   0              India
        92   9,10                 0              Pakistan
        93   9                    0              Afghanistan
        94   9                    0              Sri Lanka
        95   6-10                 0              Myanmar
        960  7                    -              Maldives
        961  7,8                  0              Lebanon
        962  8,9                  0              Jordan
        963  8,9                  0              Syria
        964  8-10                 0              Iraq
        965  8                    -              Kuwait
        966  9                    0              Saudi Arabia
        967  7-9                  0              Yemen
        968  8                    -              Oman
        970  8,9                  0              Palestine
        971  8,9                  0              United Arab Emirates
        972  8,9                  0              Israel
        973  8                    -              Bahrain
        974  8                    -              Qatar
        975  7,8                  -              Bhutan
        976  8-10                 0              Mongolia
        977  8,10                 0              Nepal
        98   10                   0              Iran
        992  9                    keep           Tajikistan
        993  8                    8              Turkmenistan
        994  9                    0              Azerbaijan
        995  9                    0              Georgia
        996  9                    0              Kyrgyzstan
        998  9                    -              Uzbekistan
        """;

    private static readonly Dictionary<string, NumberingPlan> ByCode = Table
        .Split('\n', StringSplitOptions.TrimEntries)
        .Select(NumberingPlan.Read)
        .ToDictionary(plan => plan.CountryCode, StringComparer.Ordinal);

    /// <summary>Every plan, by its country code in the table's order.</summary>
    public static IReadOnlyCollection<NumberingPlan> All => ByCode.Values;

    /// <summary>Whether phones of people can have this country code.</summary>
    /// <param name="code">One to three ASCII digits, without the plus.</param>
    public static bool Exists(string code) => ByCode.ContainsKey(code);

    /// <summary>The plan of a country code, or null when no phone of a person can have it.</summary>
    /// <param name="code">One to three ASCII digits, without the plus.</param>
    internal static NumberingPlan? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>
    /// The plan whose country code the digits begin with, or null. No code is the beginning of another, so it is the only one.
    /// </summary>
    /// <param name="digits">ASCII digits of an international number, without the plus.</param>
    internal static NumberingPlan? FindByPrefix(string digits)
    {
        for (var length = 1; length <= Math.Min(3, digits.Length); length++)
            if (ByCode.TryGetValue(digits[..length], out var plan))
                return plan;
        return null;
    }
}
