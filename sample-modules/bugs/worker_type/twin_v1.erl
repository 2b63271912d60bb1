%% floor_sup, version 1, without the bug of v1.erl: it says what the supervisor of the desks
%% is.
-module(floor_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{intensity => 3},
          [#{id => desks, start => {desk_sup, start_link, [desks, []]}, type => supervisor}]}}.
